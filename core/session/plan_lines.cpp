// Fills in what a feature's plan leaves open: codecs, extensions, msids, SSRCs.
#include "core/session/plan_lines.hpp"

#include <algorithm>
#include <set>

#include "core/base/random.hpp"
#include "core/rtp/codec/codec.hpp"

namespace cardea::session {
namespace {

using rtp::ExtensionKind;

constexpr std::size_t kCnameLength = 16;
constexpr std::size_t kMaxOfferLines = 4096;
constexpr std::string_view kH264Profile = "profile-level-id=";

std::string text_of(cardea_str_t text) {
  return text.data == nullptr ? std::string() : std::string(text.data, text.size);
}

sdp::MediaKind media_kind(cardea_kind_t kind) {
  switch (kind) {
    case CARDEA_AUDIO:
      return sdp::MediaKind::Audio;
    case CARDEA_VIDEO:
      return sdp::MediaKind::Video;
    case CARDEA_DATA:
      return sdp::MediaKind::Application;
    case CARDEA_OTHER:
      break;
  }
  return sdp::MediaKind::Other;
}

/// The part of a wanted fmtp that says something about this codec, in the form that an answer's
/// plan has.
std::string profile_for(rtp::Codec codec, std::string_view fmtp) {
  const auto starts = [&](std::string_view key) { return fmtp.find(key) != fmtp.npos; };
  if (codec == rtp::Codec::H264 && starts(kH264Profile)) {
    return std::string(fmtp.substr(fmtp.find(kH264Profile) + kH264Profile.size(), 6));
  }
  if ((codec == rtp::Codec::Vp9 && starts("profile-id=")) ||
      (codec == rtp::Codec::Av1 && fmtp.starts_with("profile="))) {
    return std::string(fmtp);
  }
  return {};
}

std::vector<rtp::Codec> named_codecs(const char* const* names) {
  std::vector<rtp::Codec> out;
  for (; *names != nullptr; ++names) {
    const rtp::Codec codec = rtp::codec_from_name(*names);
    if (codec != rtp::Codec::Unknown && std::find(out.begin(), out.end(), codec) == out.end()) {
      out.push_back(codec);
    }
  }
  return out;
}

std::vector<rtp::Codec> offered_codecs(const sdp::MediaLine& line) {
  std::vector<rtp::Codec> out;
  for (const sdp::PayloadType& type : line.payload_types) {
    const rtp::Codec codec = rtp::codec_from_name(type.name);
    if (rtp::is_primary(codec) && std::find(out.begin(), out.end(), codec) == out.end()) {
      out.push_back(codec);
    }
  }
  return out;
}

std::vector<rtp::Codec> default_codecs(cardea_kind_t kind) {
  return kind == CARDEA_AUDIO ? std::vector{rtp::Codec::Opus}
                              : std::vector{rtp::Codec::Vp8, rtp::Codec::H264};
}

bool takes_av1(const cardea_mline_plan_t& plan) {
  for (const char* const* name = plan.codecs; name != nullptr && *name != nullptr; ++name) {
    if (rtp::codec_from_name(*name) == rtp::Codec::Av1) {
      return true;
    }
  }
  return false;
}

std::vector<ExtensionKind> extensions_for(const cardea_mline_plan_t& plan) {
  if (plan.kind == CARDEA_AUDIO) {
    std::vector<ExtensionKind> out{ExtensionKind::Mid, ExtensionKind::AbsSendTime};
    if (plan.audio_level != 0) {
      out.push_back(ExtensionKind::AudioLevel);
    }
    if (plan.transport_cc != 0) {
      out.push_back(ExtensionKind::TransportCc);
    }
    return out;
  }
  if (plan.kind == CARDEA_VIDEO) {
    std::vector<ExtensionKind> out{ExtensionKind::Mid, ExtensionKind::Rid,
                                   ExtensionKind::RepairedRid, ExtensionKind::AbsSendTime};
    if (plan.video_orientation != 0) {
      out.push_back(ExtensionKind::VideoOrientation);
    }
    if (plan.playout_delay != 0) {
      out.push_back(ExtensionKind::PlayoutDelay);
    }
    // We choose layers by it, and browsers take spatial layers of AV1 apart by nothing else.
    if (takes_av1(plan)) {
      out.push_back(ExtensionKind::DependencyDescriptor);
    }
    if (plan.transport_cc != 0) {
      out.push_back(ExtensionKind::TransportCc);
    }
    return out;
  }
  return {};
}

sdp::LinePlan common(const cardea_mline_plan_t& plan, std::size_t index, const std::string& mid,
                     LocalStreams& streams) {
  sdp::LinePlan out;
  out.kind = media_kind(plan.kind);
  out.direction = sdp::make_direction((plan.direction & CARDEA_SENDONLY) != 0,
                                      (plan.direction & CARDEA_RECVONLY) != 0);
  out.reject = plan.reject != 0 || out.kind == sdp::MediaKind::Other;
  out.accept_simulcast = plan.simulcast != 0;
  out.extensions = extensions_for(plan);
  out.mid = mid;
  out.bandwidth_bps = plan.bandwidth;
  if (plan.kind == CARDEA_AUDIO || plan.kind == CARDEA_VIDEO) {
    out.msid_stream = text_of(plan.msid_stream);
    out.msid_track = text_of(plan.msid_track);
    if (out.msid_stream.empty()) {
      out.msid_stream = "cardea";
    }
    if (out.msid_track.empty()) {
      out.msid_track = "cardea" + mid;
    }
    const LocalStreams::Ssrcs ssrcs = streams.ssrcs(index);
    out.ssrc = ssrcs.media;
    out.rtx_ssrc = plan.kind == CARDEA_VIDEO ? ssrcs.rtx : 0;
    out.cname = streams.cname();
  }
  return out;
}

}  // namespace

LocalStreams::LocalStreams() : cname_(random_text(kCnameLength)) {}

std::uint32_t LocalStreams::fresh() {
  for (;;) {
    const auto candidate = static_cast<std::uint32_t>(random_id());
    const bool taken = std::any_of(lines_.begin(), lines_.end(), [&](const auto& entry) {
      return entry.second.media == candidate || entry.second.rtx == candidate;
    });
    if (candidate != 0 && !taken) {
      return candidate;
    }
  }
}

LocalStreams::Ssrcs LocalStreams::ssrcs(std::size_t line) {
  const auto found = lines_.find(line);
  if (found != lines_.end()) {
    return found->second;
  }
  Ssrcs& made = lines_[line];
  made.media = fresh();
  made.rtx = fresh();
  return made;
}

Result<std::vector<sdp::LinePlan>> answer_lines(const cardea_jsep_plan_t& plan,
                                                const sdp::Description& offer,
                                                LocalStreams& streams) {
  if (plan.mline_count > offer.media.size()) {
    return Error{"more plans than m-lines in the offer"};
  }
  std::vector<sdp::LinePlan> out;
  for (std::size_t i = 0; i < plan.mline_count; ++i) {
    const cardea_mline_plan_t& wanted = plan.mlines[i];
    const sdp::MediaLine& line = offer.media[i];
    if (media_kind(wanted.kind) != line.kind) {
      return Error{"plan " + std::to_string(i) + " is of another kind than its m-line"};
    }
    sdp::LinePlan& made = out.emplace_back(common(wanted, i, line.mid, streams));
    for (const rtp::Codec codec :
         wanted.codecs != nullptr ? named_codecs(wanted.codecs) : offered_codecs(line)) {
      const std::string_view fmtp = wanted.fmtp == nullptr ? "" : wanted.fmtp;
      made.codecs.push_back({.codec = codec, .fmtp = profile_for(codec, fmtp)});
    }
  }
  return out;
}

Result<std::vector<sdp::LinePlan>> offer_lines(const cardea_jsep_plan_t& plan,
                                               const sdp::Description* previous,
                                               LocalStreams& streams) {
  const std::size_t kept = previous == nullptr ? 0 : previous->media.size();
  if (plan.mline_count == 0 || plan.mline_count < kept || plan.mline_count > kMaxOfferLines) {
    return Error{"an offer needs all earlier m-lines and at least one"};
  }
  std::vector<sdp::LinePlan> out;
  std::set<std::string> mids;
  for (std::size_t i = 0; i < plan.mline_count; ++i) {
    const cardea_mline_plan_t& wanted = plan.mlines[i];
    if (i < kept && media_kind(wanted.kind) != previous->media[i].kind) {
      return Error{"m-line " + std::to_string(i) + " cannot change its kind"};
    }
    std::string mid = i < kept ? previous->media[i].mid : text_of(wanted.mid);
    if (mid.empty()) {
      mid = std::to_string(i);
    }
    if (!mids.insert(mid).second) {
      return Error{"mid " + mid + " comes twice"};
    }
    sdp::LinePlan& made = out.emplace_back(common(wanted, i, mid, streams));
    for (const rtp::Codec codec :
         wanted.codecs != nullptr ? named_codecs(wanted.codecs) : default_codecs(wanted.kind)) {
      made.codecs.push_back({.codec = codec, .fmtp = wanted.fmtp == nullptr ? "" : wanted.fmtp});
    }
  }
  return out;
}

}  // namespace cardea::session
