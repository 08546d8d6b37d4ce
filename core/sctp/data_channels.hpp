// The data channels of one association (RFC 8831).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <cardea/sdk/result.hpp>

#include "core/base/bytes.hpp"
#include "core/sctp/association.hpp"
#include "core/sctp/dcep.hpp"

namespace cardea::sctp {

/// What was not taken, or not sent.
enum class Refusal : std::uint8_t {
  MessageSize,   ///< beyond kMaxMessage: ends the association
  BadOpen,       ///< no DATA_CHANNEL_OPEN that can be understood: its stream is reset
  ChannelLimit,  ///< there is no stream left for another channel
  UnknownChannel,
  BadText,  ///< text that is no UTF-8
  PayloadType,
};
inline constexpr std::size_t kRefusals = 6;
/// As in cardea_data_refused_total{reason}.
std::string_view refusal_name(Refusal refusal);

/// Called from inside receive(), read() and Stack::advance(). None may destroy the channels.
class ChannelListener : public Port {
 public:
  /// Channels can be opened and used.
  virtual void up() = 0;
  /// It is over for good.
  virtual void down() = 0;
  virtual void message(const ChannelInfo& channel, bool binary, std::string payload) = 0;
  virtual void refused(Refusal refusal) = 0;
};

struct ChannelsOptions {
  AssociationOptions association;
  /// As DTLS client we open channels on even streams, as server on odd ones (RFC 8832 6).
  bool dtls_client = false;
  /// The remote's a=max-message-size.
  std::size_t remote_max_message = std::size_t{64} * 1024;
};

class DataChannels final : Reader {
 public:
  enum class Sent : std::uint8_t { Queued, Full, Refused };

  static Result<std::unique_ptr<DataChannels>> create(Stack& stack, ChannelListener& listener,
                                                      const ChannelsOptions& options);

  /// One packet from the remote.
  void receive(Bytes packet) { association_->receive(packet); }
  /// Reads one message or event, see Association::read().
  bool read() { return association_->read(*this); }
  /// On the open channel of that label; without one a channel like `channel` is opened first. Full:
  /// try again when the listener's attend() was called. Refused: it will never be sent.
  Sent send(const ChannelInfo& channel, bool binary, std::string_view payload);
  /// Closes the channel of that label, when what was sent on it has arrived.
  void close(std::string_view label);

  [[nodiscard]] bool is_up() const {
    return association_->state() == Association::State::Connected;
  }
  [[nodiscard]] std::size_t count() const;

 private:
  enum class State : std::uint8_t { Opening, Open, Closing };
  struct Channel {
    State state = State::Opening;
    ChannelInfo info;
  };

  DataChannels(ChannelListener& listener, const ChannelsOptions& options)
      : listener_(listener), options_(options) {}

  void connected() override { listener_.up(); }
  void closed() override;
  void message(std::uint16_t stream, std::uint32_t type, std::string payload) override;
  void stream_reset(std::uint16_t stream) override;
  void oversized() override { listener_.refused(Refusal::MessageSize); }

  void control(std::uint16_t stream, const std::string& payload);
  void open_by_remote(std::uint16_t stream, const std::string& payload);
  void send_acks();
  void data(const Channel& channel, PayloadType type, std::string payload);
  std::optional<std::uint16_t> stream_of(std::string_view label) const;
  std::optional<std::uint16_t> free_stream() const;
  Sent open(const ChannelInfo& info, std::uint16_t& stream);

  ChannelListener& listener_;
  ChannelsOptions options_;
  std::unique_ptr<Association> association_;
  std::array<std::optional<Channel>, kMaxStreams> channels_;
  /// Streams whose DATA_CHANNEL_ACK found no room.
  std::deque<std::uint16_t> unacknowledged_;
};

}  // namespace cardea::sctp
