// One sent m-line (a sink): gives the packets of whatever source feeds it one continuous numbering,
// encrypts them, and answers NACKs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "core/peer/numbering.hpp"
#include "core/peer/packet_sink.hpp"
#include "core/peer/params.hpp"
#include "core/peer/source_state.hpp"
#include "core/peer/stats.hpp"
#include "core/peer/stream_table.hpp"
#include "core/peer/transport.hpp"
#include "core/rtp/rewrite.hpp"
#include "core/rtp/rtcp_packets.hpp"
#include "core/rtp/rtcp_writer.hpp"

namespace cardea::peer {

/// Payload type of the sink by that of the source; kNoPayload where the sink has none.
using PayloadMap = std::array<std::uint8_t, 128>;
inline constexpr std::uint8_t kNoPayload = 0xFF;

/// Sans-IO, one thread. The hot path is forward(): no allocation once the stream has begun.
class SendStream final : public PacketSink {
 public:
  SendStream(Transport& transport, const LineParams& params);

  /// Renegotiated: other ids or payload types; the numbering goes on.
  void configure(const LineParams& params);
  /// Negotiated to send; a line that stops sending keeps its stream, so that it can go on later.
  [[nodiscard]] bool active() const { return active_; }
  /// Numbering and time go on from where the former source left them; what that one sent can no
  /// longer be asked for.
  void attach(const SourceLine& source, bool anew) override;
  void detach() override;
  void skip() override { restart_numbers(); }
  /// The keys are there and the remote's consent is fresh.
  [[nodiscard]] bool ready() const override { return transport_.open; }
  /// False when there are no keys yet, no payload type for the codec, or it is older than where
  /// this stream began.
  bool forward(const SourcePacket& in, bool ends_picture, Time now) override;
  void prepare() const override;
  void leave_out(const SourcePacket& in) override { numbering_.leave_out(in); }
  void set_playout_delay(std::int32_t min, std::int32_t max) override;

  /// A packet that fills up a probe, under the numbers of retransmissions. @param bytes at most.
  /// @returns whether one was sent.
  bool send_padding(std::size_t bytes, Time now);
  /// Packets carry a transport-wide number.
  [[nodiscard]] bool numbered() const {
    return extensions_.id(rtp::ExtensionKind::TransportCc) != 0;
  }
  /// There are such numbers, and the remote reports what came.
  [[nodiscard]] bool can_pad() const {
    return numbered() && rtx_ssrc_ != 0 && active_ && numbering_.started();
  }

  /// Answers a NACK: each packet at most once per round trip, all within a tenth of the bitrate
  /// (threat M7).
  void retransmit(const rtp::Nack& nack, Time now);

  /// Once a second: while packets are lost at random and retransmissions take long, the remote is
  /// asked to play later.
  void delay_playout(bool random_loss);

  /// Writes a sender report and the CNAME; nothing before the source's own first report, since
  /// only that says how its media is timed.
  void write_report(rtp::RtcpWriter& out, Time now);
  /// The remote's view of this stream. @returns the round trip, when the block tells it.
  std::optional<Duration> receiver_report(const rtp::ReportBlock& block, Time now);
  /// Packets that the remote lost since the last call, as its reports say.
  std::uint32_t take_lost();

  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] const std::string& cname() const { return cname_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] StreamStats stats() const;

 private:
  /// What it takes to build a sent packet again, byte for byte.
  struct Sent {
    std::uint64_t source_seq = 0;
    std::uint32_t resent = 0;  ///< in_milliseconds(); 0 never
    std::uint32_t timestamp = 0;
    std::uint32_t abs_send_time = 0;
    std::uint16_t seq = 0;
    std::uint16_t transport_seq = 0;
    std::uint16_t picture_id = 0;
    std::uint8_t tl0 = 0;
    std::uint8_t layer = 0;
    std::uint8_t payload_type = kNoPayload;
    bool marker = false;
    bool moves_picture = false;
  };
  static_assert(sizeof(Sent) == 32, "there are hundreds of it for each viewer");
  struct SentReport {
    std::uint32_t compact_ntp = 0;
    Time at;
  };

  [[nodiscard]] PayloadMap map_payloads(const SourceLine& source) const;
  /// Good for differences below 49 days; never 0.
  [[nodiscard]] static std::uint32_t in_milliseconds(Time time) {
    return static_cast<std::uint32_t>(time.time_since_epoch() / std::chrono::milliseconds(1)) | 1;
  }
  void restart_numbers();
  void keep_sent(const Sent& sent, Time now);
  /// Writes and encrypts one packet to the arena; it still has to be committed.
  srtp::SrtpResult seal(const rtp::Packet& packet, const Sent& sent);
  [[nodiscard]] rtp::Rewrite rewrite_of(const Sent& sent) const;
  void resend(std::uint16_t seq, Time now);
  bool resend_as_rtx(const rtp::Packet& packet, const Sent& sent, std::uint8_t rtx_type, Time now);
  bool resend_plain(const rtp::Packet& packet, const Sent& sent);
  void commit_rtx(std::size_t size, Time now);
  [[nodiscard]] bool copies() const {
    return transport_.congestion.worth_copies() && !sent_.empty();
  }
  /// The packet that the source's cache and `sent` make again, or null.
  [[nodiscard]] const rtp::Packet* sent_before(std::uint64_t number) const;
  void copy_last_but_one();
  [[nodiscard]] std::uint64_t most_credit() const;
  void write_playout_delay();
  [[nodiscard]] std::uint8_t rtx_type_for(std::uint8_t payload_type) const;

  // Given.
  Transport& transport_;
  std::shared_ptr<const SourceState> source_;
  // Negotiated.
  bool active_ = false;
  std::uint32_t ssrc_ = 0;
  std::uint32_t rtx_ssrc_ = 0;
  std::uint32_t clock_rate_ = 0;
  bool video_ = false;
  std::string mid_;
  std::string cname_;
  std::vector<PayloadType> payload_types_;
  rtp::ExtensionIds extensions_;
  PayloadMap payloads_{};
  std::uint32_t playout_delay_ = rtp::kNoPlayoutDelay;
  std::int32_t wished_min_delay_ = -1;
  std::int32_t wished_max_delay_ = -1;
  std::int32_t protective_delay_ = -1;
  Numbering numbering_;
  // Retransmission. Entries of numbers below valid_from_ belong to a former source.
  std::vector<Sent> sent_;
  std::size_t max_sent_ = 0;
  Time turned_;  // when sent_ was begun again from its first entry
  std::uint64_t valid_from_ = 0;
  std::uint16_t rtx_seq_ = 0;
  std::uint64_t credit_;
  Time credit_at_;
  // Statistics and reports.
  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  std::array<SentReport, 4> reports_{};
  std::size_t next_report_ = 0;
  std::int32_t remote_lost_ = 0;
  std::uint32_t new_lost_ = 0;
};

}  // namespace cardea::peer
