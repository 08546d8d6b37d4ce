// Builds our own offers, with payload type numbers and extension ids that stay the same over
// renegotiations.
#include <algorithm>
#include <array>
#include <bitset>

#include "core/sdp/answerer.hpp"
#include "core/sdp/codec_match.hpp"
#include "core/sdp/line_parts.hpp"

namespace cardea::sdp {

namespace {

constexpr std::uint8_t kOneByteIds = 14;

// Numbers that browsers use themselves, so that traces look familiar; 0 = next free dynamic one.
std::uint8_t usual_number(rtp::Codec codec) {
  switch (codec) {
    case rtp::Codec::Opus:
      return 111;
    case rtp::Codec::Red:
      return 63;
    case rtp::Codec::Pcma:
      return 8;
    case rtp::Codec::G722:
      return 9;
    case rtp::Codec::Vp8:
      return 96;
    case rtp::Codec::Vp9:
      return 98;
    case rtp::Codec::H264:
      return 102;
    case rtp::Codec::Av1:
      return 45;
    case rtp::Codec::H265:
      return 49;
    default:
      return 0;
  }
}

/// Gives each format and each extension one number in the whole bundle (RFC 8843 9.1.2 and 10), the
/// one it had before where there is a previous description.
class Numbers {
 public:
  explicit Numbers(const Description* previous) {
    if (previous == nullptr) {
      return;
    }
    for (const MediaLine& line : previous->media) {
      if (line.rejected()) {
        continue;
      }
      for (const PayloadType& type : line.payload_types) {
        remember(type);
      }
      for (const Extmap& extmap : line.extmaps) {
        ids_.set(rtp::extension_kind(extmap.uri), extmap.id);
        taken_ids_.set(extmap.id);
      }
    }
  }

  /// Sets type.number.
  void number(PayloadType& type, std::uint8_t usual) {
    const auto known = std::find_if(types_.begin(), types_.end(), [&type](const PayloadType& t) {
      return is_helper(t) == is_helper(type) &&
             (is_helper(t) ? t.name == type.name && t.fmtp == type.fmtp : same_format(t, type));
    });
    if (known != types_.end()) {
      type.number = known->number;
      return;
    }
    const bool is_static = rtp::codec_from_name(type.name) == rtp::Codec::Pcmu;
    type.number = (usual != 0 || is_static) && !taken_[usual] ? usual : next_free();
    remember(type);
  }

  std::uint8_t extension_id(rtp::ExtensionKind kind) {
    if (ids_.id(kind) == 0) {
      // 15 is reserved in the one-byte form (RFC 8285 4.2).
      std::uint8_t id = 1;
      while (taken_ids_[id] || id == kOneByteIds + 1) {
        ++id;
      }
      ids_.set(kind, id);
      taken_ids_.set(id);
    }
    return ids_.id(kind);
  }

 private:
  static bool is_helper(const PayloadType& type) {
    return !rtp::is_primary(rtp::codec_from_name(type.name));
  }

  void remember(const PayloadType& type) {
    if (!taken_[type.number]) {
      taken_.set(type.number);
      types_.push_back(type);
    }
  }

  // 96..127, then 35..63, the ranges left by rtcp-mux (RFC 5761 4).
  [[nodiscard]] std::uint8_t next_free() const {
    for (const auto& [first, last] : {std::pair{96, 127}, std::pair{35, 63}}) {
      for (int number = first; number <= last; ++number) {
        if (!taken_[static_cast<std::size_t>(number)]) {
          return static_cast<std::uint8_t>(number);
        }
      }
    }
    return 127;
  }

  std::vector<PayloadType> types_;
  std::bitset<128> taken_;
  rtp::ExtensionIds ids_;
  std::bitset<256> taken_ids_;
};

PayloadType make_type(rtp::Codec codec, std::uint32_t clock_rate, std::string fmtp) {
  PayloadType type;
  type.name = rtp::codec_name(codec);
  type.clock_rate = clock_rate;
  type.channels = rtp::codec_channels(codec);
  type.fmtp = std::move(fmtp);
  return type;
}

void offer_codec(MediaLine& line, const CodecChoice& choice, bool transport_cc, Numbers& numbers) {
  const std::uint32_t clock_rate = rtp::codec_clock_rate(choice.codec);
  PayloadType type = make_type(choice.codec, clock_rate, offered_fmtp(choice));
  const bool is_video = rtp::is_video(choice.codec);
  if (is_video) {
    type.feedback = {"goog-remb", "ccm fir", "nack", "nack pli"};
  }
  if (transport_cc) {
    type.feedback.emplace_back(kTransportCc);
  }
  numbers.number(type, usual_number(choice.codec));
  const std::string number = std::to_string(type.number);
  if (choice.red && !is_video) {
    PayloadType red = make_type(rtp::Codec::Red, clock_rate, number + "/" + number);
    red.channels = type.channels;
    numbers.number(red, usual_number(rtp::Codec::Red));
    line.payload_types.push_back(std::move(red));
  }
  const std::uint8_t next = type.number;
  line.payload_types.push_back(std::move(type));
  if (choice.rtx && is_video) {
    PayloadType rtx = make_type(rtp::Codec::Rtx, clock_rate, "apt=" + number);
    numbers.number(rtx, static_cast<std::uint8_t>((next + 1) & 0x7F));
    line.payload_types.push_back(std::move(rtx));
  }
}

void offer_extensions(MediaLine& line, const LinePlan& plan, Numbers& numbers) {
  for (const rtp::ExtensionKind kind : plan.extensions) {
    if (kind != rtp::ExtensionKind::Unknown) {
      line.extmaps.push_back(
          {numbers.extension_id(kind), Direction::SendRecv, std::string(rtp::extension_uri(kind))});
    }
  }
}

void offer_data(MediaLine& line) {
  line.protocol = "UDP/DTLS/SCTP";
  line.formats = {"webrtc-datachannel"};
  line.sctp_port = 5000;
  line.max_message_size = kMaxMessageSize;
}

void offer_media(MediaLine& line, const LinePlan& plan, Numbers& numbers) {
  const bool transport_cc = std::find(plan.extensions.begin(), plan.extensions.end(),
                                      rtp::ExtensionKind::TransportCc) != plan.extensions.end();
  for (const CodecChoice& choice : plan.codecs) {
    offer_codec(line, choice, transport_cc, numbers);
  }
  if (line.payload_types.empty()) {
    // A refused m-line still must name a format.
    const bool is_audio = plan.kind == MediaKind::Audio;
    offer_codec(line, {is_audio ? rtp::Codec::Pcmu : rtp::Codec::Vp8, {}, false, false}, false,
                numbers);
  }
}

MediaLine make_line(const LinePlan& plan, const LocalTransport& transport, Numbers& numbers) {
  MediaLine line;
  line.kind = plan.kind;
  line.mid = plan.mid;
  if (plan.kind == MediaKind::Application) {
    offer_data(line);
  } else {
    offer_media(line, plan, numbers);
  }
  if (plan.reject) {
    line.port = 0;
    line.direction = Direction::Inactive;
    return line;
  }
  if (plan.kind != MediaKind::Application) {
    line.direction = plan.direction;
    line.rtcp_mux = true;
    line.rtcp_rsize = true;
    offer_extensions(line, plan, numbers);
    const bool with_rtx = std::any_of(plan.codecs.begin(), plan.codecs.end(),
                                      [](const CodecChoice& choice) { return choice.rtx; });
    put_streams(line, plan, with_rtx);
    put_bandwidth(line, plan.bandwidth_bps);
  }
  put_transport(line, transport, transport.setup == Setup::None ? Setup::ActPass : transport.setup);
  return line;
}

}  // namespace

Description make_offer(std::span<const LinePlan> plans, const LocalTransport& transport,
                       const Description* previous) {
  Description offer = make_session(transport);
  Numbers numbers(previous);
  for (const LinePlan& plan : plans) {
    offer.media.push_back(make_line(plan, transport, numbers));
    if (!plan.reject) {
      offer.bundle.push_back(plan.mid);
    }
    for (const Extmap& extmap : offer.media.back().extmaps) {
      offer.extmap_allow_mixed = offer.extmap_allow_mixed || extmap.id > kOneByteIds;
    }
  }
  return offer;
}

}  // namespace cardea::sdp
