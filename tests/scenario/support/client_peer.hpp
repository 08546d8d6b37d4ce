// A WebRTC client for scenarios: ICE, DTLS, SRTP, a source of fake media and a sink that asks for
// what it lost.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/address.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/dtls/certificate.hpp"
#include "core/dtls/endpoint.hpp"
#include "core/ice/client_agent.hpp"
#include "core/rtp/nack_tracker.hpp"
#include "core/rtp/packet.hpp"
#include "core/rtp/rtcp_packets.hpp"
#include "core/rtp/rtcp_writer.hpp"
#include "core/rtp/sequence.hpp"
#include "core/rtp/twcc_receiver.hpp"
#include "core/rtp/twcc_sender.hpp"
#include "core/srtp/session.hpp"

namespace cardea::scenario {

inline constexpr std::uint8_t kTransportCcId = 5;

/// What the server told of a client's packets by transport-wide feedback.
struct Reported {
  std::uint64_t feedbacks = 0;
  std::uint64_t arrived = 0;
  std::uint64_t lost = 0;
  Duration least_interval = Duration::max();
  Duration most_interval{};
  Time last;
};

struct ClientOptions {
  Address address;
  Address server;
  ice::Credentials local;
  ice::Credentials remote;
  std::shared_ptr<const dtls::Certificate> certificate;
  std::optional<dtls::Fingerprint> server_fingerprint;
  std::uint64_t seed = 1;
};

/// What a client sends as one m-line or simulcast layer: `packets` packets per frame.
struct FakeSource {
  std::uint32_t ssrc = 0;
  std::uint8_t payload_type = 96;
  std::uint32_t rtx_ssrc = 0;  ///< 0: answers NACKs with the packet itself
  std::uint8_t rtx_type = 97;
  std::string mid;
  std::string rid;
  bool video = true;
  Duration interval = std::chrono::milliseconds(33);
  std::size_t packets = 3;
  std::size_t payload_size = 1000;
  std::uint32_t ticks = 3000;
  /// Temporal layers in the order 0 2 1 2, with picture numbers.
  bool temporal = false;
  /// RFC 6464 level of each packet under extension id 4; -1 none.
  int audio_level = -1;
  bool keyframes_hidden = false;  ///< as with end-to-end encryption
  /// Packets carry their transport-wide number under extension id kTransportCcId.
  bool transport_cc = false;
};

/// What a client got of one SSRC.
struct ReceivedStream {
  std::set<std::uint64_t> seqs;  ///< unwrapped
  std::uint64_t first = 0;
  std::uint64_t highest = 0;
  std::uint64_t packets = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t repaired = 0;
  std::uint64_t keyframes = 0;
  std::uint64_t timestamp_steps_back = 0;
  /// By RTP time.
  std::map<std::uint32_t, std::uint64_t> packets_at;
  /// The first key frame: its RTP time, and when the last of its packets came.
  std::uint32_t first_picture = 0;
  Time first_picture_at;
  Time last_at;
  std::uint32_t last_timestamp = 0;
  std::uint8_t last_payload_type = 0;
  std::string last_mid;
  /// VP8 pictures: how many, and how many numbers were left out or came twice between neighbours.
  std::uint64_t pictures = 0;
  std::uint64_t picture_gaps = 0;
  std::uint16_t last_picture = 0;
  std::uint8_t highest_temporal = 0;
  /// First byte behind the VP8 head, which fake sources set to their layer's mark.
  std::uint8_t last_mark = 0;

  /// Numbers between the first and the highest that never came.
  [[nodiscard]] std::uint64_t missing() const {
    return seqs.empty() ? 0 : highest - first + 1 - seqs.size();
  }
};

/// Sans-IO, one thread.
class ClientPeer {
 public:
  using Send = std::function<void(const Address& from, const Address& to, Bytes datagram)>;

  ClientPeer(const ClientOptions& options, Send send, Time now);

  void receive(MutableBytes datagram, const Address& from, Time now);
  void poll(Time now);
  [[nodiscard]] Time next_deadline() const;

  [[nodiscard]] bool connected() const { return outgoing_.has_value(); }
  /// Time() before.
  [[nodiscard]] Time connected_at() const { return connected_at_; }
  [[nodiscard]] dtls::State dtls_state() const { return dtls_.state(); }
  /// ICE restart from another address.
  void restart_ice(const Address& address, const ice::Credentials& local,
                   const ice::Credentials& remote, Time now);
  /// A NAT gives it another address; it does not notice.
  void move(const Address& address) { options_.address = address; }
  /// Sends close_notify.
  void close();
  void stop_ice() { ice_stopped_ = true; }

  /// Begins to send; the first frame is a key frame, and so is the one after each PLI.
  void add_source(const FakeSource& source, Time now);
  [[nodiscard]] FakeSource& source(std::uint32_t ssrc) { return sources_.at(ssrc).what; }
  void stop_source(std::uint32_t ssrc) { sources_.erase(ssrc); }
  /// RTX packets of `rtx_type` repeat the stream of this SSRC.
  void expect_rtx(std::uint32_t rtx_ssrc, std::uint32_t ssrc, std::uint8_t payload_type) {
    rtx_of_[rtx_ssrc] = {ssrc, payload_type};
  }
  /// As a camera that is slow to answer.
  void ignore_plis(bool on) { ignore_plis_ = on; }
  /// Sends one RTCP compound.
  void send_rtcp(const std::function<void(rtp::RtcpWriter&)>& write, Time now);
  /// Sends one RTP packet, protected, from another address when that is given.
  void send_rtp(Bytes packet, Time now, const Address* from = nullptr);

  [[nodiscard]] const ReceivedStream& received(std::uint32_t ssrc) { return received_[ssrc]; }
  [[nodiscard]] const std::map<std::uint32_t, ReceivedStream>& all_received() const {
    return received_;
  }
  /// Key frame requests that came for this SSRC, by time.
  [[nodiscard]] const std::vector<Time>& plis(std::uint32_t ssrc) { return plis_[ssrc]; }
  [[nodiscard]] std::uint64_t last_remb() const { return last_remb_; }
  [[nodiscard]] const Reported& reported() const { return reported_; }
  [[nodiscard]] std::uint64_t sender_reports() const { return sender_reports_; }
  [[nodiscard]] std::uint64_t bad_packets() const { return bad_packets_; }
  [[nodiscard]] std::uint64_t sent_rtp() const { return sent_rtp_; }
  [[nodiscard]] std::uint64_t bytes_received() const { return bytes_received_; }
  [[nodiscard]] Time last_media() const { return last_media_; }

 private:
  struct Source {
    FakeSource what;
    Time next;
    std::uint16_t seq = 0;
    std::uint16_t rtx_seq = 0;
    std::uint32_t timestamp = 0;
    bool keyframe = true;
    std::uint16_t frame = 0;
    std::uint8_t tl0 = 0;
    std::map<std::uint16_t, std::vector<std::uint8_t>> history;
  };
  struct Original {
    std::uint32_t ssrc = 0;
    std::uint8_t payload_type = 0;
  };
  struct Sink {
    rtp::SeqUnwrapper unwrapper;
    rtp::NackTracker nack;
  };

  void follow_dtls(Time now);
  void on_rtp(MutableBytes datagram, Time now);
  void on_media(const rtp::Packet& packet, bool repaired, Time now);
  void on_rtcp(MutableBytes datagram, Time now);
  void answer(const rtp::Nack& nack, Time now);
  void number(MutableBytes packet, Time now);
  void on(const rtp::TwccFeedback& feedback, Time now);
  void send_arrivals(Time now);
  void send_frame(Source& source, Time now);
  static std::size_t add_layers(const Source& source, MutableBytes payload);
  std::vector<std::uint8_t> make_packet(Source& source, std::size_t index) const;
  void send_reports(Time now);

  ClientOptions options_;
  Send send_;
  ice::ClientAgent ice_;
  dtls::Endpoint dtls_;
  std::optional<srtp::Session> outgoing_;
  std::optional<srtp::Session> incoming_;
  Time connected_at_;
  bool ice_stopped_ = false;
  bool ignore_plis_ = false;
  std::map<std::uint32_t, Source> sources_;
  std::map<std::uint32_t, Sink> sinks_;
  std::map<std::uint32_t, Original> rtx_of_;
  std::map<std::uint32_t, ReceivedStream> received_;
  std::map<std::uint32_t, std::vector<Time>> plis_;
  rtp::TwccSender numbers_;
  rtp::TwccReceiver arrivals_;
  Reported reported_;
  Time next_report_ = Time::max();
  std::uint64_t last_remb_ = 0;
  std::uint64_t sender_reports_ = 0;
  std::uint64_t bad_packets_ = 0;
  std::uint64_t sent_rtp_ = 0;
  std::uint64_t bytes_received_ = 0;
  Time last_media_;
};

}  // namespace cardea::scenario
