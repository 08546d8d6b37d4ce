// One peer's data channels on the data thread: its packets, its queue and its share of a turn.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/media/data_counters.hpp"
#include "core/media/data_messages.hpp"
#include "core/sctp/data_channels.hpp"

namespace cardea::media {

class DataLink;

/// What a link tells; none may destroy the link.
class LinkListener {
 public:
  virtual ~LinkListener() = default;
  /// Give it a turn().
  virtual void wants_turn(DataLink& link) = 0;
  virtual void link_up(DataLink& link) = 0;
  virtual void link_down(DataLink& link) = 0;
  virtual void link_message(DataLink& link, const sctp::ChannelInfo& channel, bool binary,
                            std::string payload) = 0;
  /// So much of what control sent has left the queue.
  virtual void link_sent(DataLink& link, std::size_t bytes) = 0;
};

/// A message that waits, shared between all who get it.
struct Outgoing {
  sctp::ChannelInfo channel;
  bool binary = false;
  bool from_control = false;
  std::shared_ptr<const std::string> payload;
};

/// Bounds of one link (threat M10).
struct LinkLimits {
  std::size_t inbox_packets = 512;
  std::size_t packets_per_turn = 64;
  std::size_t messages_per_turn = 64;
  /// Delivered to control and not dealt with yet.
  std::size_t messages_at_control = 64;
  std::size_t cost_at_control = std::size_t{256} * 1024;
  /// Who does not take what we send is not read from either.
  std::size_t pause_queue_bytes = std::size_t{256} * 1024;
  std::size_t max_queue_bytes = std::size_t{1024} * 1024;
};

class DataLink final : sctp::ChannelListener {
 public:
  static Result<std::unique_ptr<DataLink>> create(sctp::Stack& stack, const DataUp& up,
                                                  LinkListener& listener, DataCounters& counters,
                                                  const LinkLimits& limits);

  [[nodiscard]] PeerId peer() const { return up_.line.peer; }
  [[nodiscard]] std::uint32_t epoch() const { return up_.epoch; }
  [[nodiscard]] std::uint32_t line() const { return up_.line.line; }
  [[nodiscard]] std::size_t channels() const { return channels_->count(); }

  void receive(std::vector<std::vector<std::uint8_t>> packets);
  /// Routed messages are dropped when the queue is full. Those of control are not: their sender
  /// keeps within its own bound.
  void enqueue(Outgoing message);
  void delivered_to_control(std::size_t cost);
  void taken_by_control(std::size_t messages, std::size_t cost);

  /// A bounded piece of work. True when more could be done at once.
  bool turn();

 private:
  DataLink(const DataUp& up, LinkListener& listener, DataCounters& counters,
           const LinkLimits& limits)
      : up_(up), listener_(listener), counters_(counters), limits_(limits) {}

  void output(Bytes packet) override;
  void attend() override { want_turn(); }
  void up() override { listener_.link_up(*this); }
  void down() override { listener_.link_down(*this); }
  void message(const sctp::ChannelInfo& channel, bool binary, std::string payload) override;
  void refused(sctp::Refusal refusal) override {
    ++counters_.refused[static_cast<std::size_t>(refusal)];
  }

  void want_turn();
  void send_queue();
  void flush_packets();
  bool read_some();
  [[nodiscard]] bool may_read() const {
    return queued_bytes_ < limits_.pause_queue_bytes && at_control_ < limits_.messages_at_control &&
           cost_at_control_ < limits_.cost_at_control;
  }

  DataUp up_;
  LinkListener& listener_;
  DataCounters& counters_;
  LinkLimits limits_;
  std::deque<std::vector<std::uint8_t>> inbox_;
  std::vector<std::vector<std::uint8_t>> outbox_;
  std::deque<Outgoing> queue_;
  std::size_t queued_bytes_ = 0;
  std::size_t at_control_ = 0;
  std::size_t cost_at_control_ = 0;
  bool turn_wanted_ = false;
  /// Last: its end still sends.
  std::unique_ptr<sctp::DataChannels> channels_;
};

}  // namespace cardea::media
