#include "plugins/videoroom/room_options.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "plugins/videoroom/errors.hpp"

namespace cardea::videoroom {

namespace {

constexpr std::array<std::string_view, 9> kAudioCodecs{
    "opus", "multiopus", "g722", "pcmu", "pcma", "isac32", "isac16", "l16-48", "l16"};
constexpr std::array<std::string_view, 5> kVideoCodecs{"vp8", "vp9", "h264", "av1", "h265"};
// Janus keeps this many per room and kind.
constexpr std::size_t kMaxCodecs = 5;

Result<std::vector<std::string>> read_codecs(std::string_view text,
                                             std::span<const std::string_view> known) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view word = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (word.starts_with(' ')) {
      word.remove_prefix(1);
    }
    while (word.ends_with(' ')) {
      word.remove_suffix(1);
    }
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      return error(kInvalidElement, "Invalid element (codec can only be one of the known ones)");
    }
    if (out.size() < kMaxCodecs) {
      out.emplace_back(word);
    }
  }
  if (out.empty()) {
    return error(kInvalidElement, "Invalid element (no codec)");
  }
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : ",") + word;
  }
  return out;
}

void take(const Json& from, const char* key, bool& into) { into = from[key].as_bool(into); }
void take(const Json& from, const char* key, std::string& into) { into = from[key].text_or(into); }
void take(const Json& from, const char* key, std::uint32_t& into) {
  into = static_cast<std::uint32_t>(from[key].as_uint(into));
}

void take_media(const Json& from, RoomOptions& out) {
  take(from, "vp9_profile", out.vp9_profile);
  take(from, "h264_profile", out.h264_profile);
  take(from, "opus_fec", out.opus_fec);
  take(from, "opus_dtx", out.opus_dtx);
  take(from, "video_svc", out.video_svc);
  take(from, "audiolevel_ext", out.audiolevel_ext);
  take(from, "audiolevel_event", out.audiolevel_event);
  take(from, "audio_active_packets", out.audio_active_packets);
  take(from, "audio_level_average", out.audio_level_average);
  take(from, "videoorient_ext", out.videoorient_ext);
  take(from, "playoutdelay_ext", out.playoutdelay_ext);
  take(from, "transport_wide_cc_ext", out.transport_wide_cc_ext);
  take(from, "record", out.record);
  take(from, "rec_dir", out.rec_dir);
  take(from, "lock_record", out.lock_record);
}

}  // namespace

Result<RoomOptions> read_options(const Json& from, std::uint64_t id) {
  RoomOptions out;
  take(from, "description", out.description);
  if (out.description.empty()) {
    out.description = "Room " + std::to_string(id);
  }
  take(from, "secret", out.secret);
  take(from, "pin", out.pin);
  take(from, "is_private", out.is_private);
  take(from, "require_pvtid", out.require_pvtid);
  take(from, "require_e2ee", out.require_e2ee);
  take(from, "publishers", out.publishers);
  if (out.publishers == 0) {
    out.publishers = RoomOptions{}.publishers;
  }
  take(from, "bitrate", out.bitrate);
  take(from, "bitrate_cap", out.bitrate_cap);
  take(from, "fir_freq", out.fir_freq);
  take(from, "notify_joining", out.notify_joining);
  take_media(from, out);
  if (const Json codecs = from["audiocodec"]) {
    auto read = read_codecs(codecs.as_text(), kAudioCodecs);
    if (!read) {
      return read.error();
    }
    out.audiocodec = std::move(*read);
  }
  if (const Json codecs = from["videocodec"]) {
    auto read = read_codecs(codecs.as_text(), kVideoCodecs);
    if (!read) {
      return read.error();
    }
    out.videocodec = std::move(*read);
  }
  const Json allowed = from["allowed"];
  out.check_allowed = allowed.is_array();
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    out.allowed.insert(allowed.at(i).text_or());
  }
  return out;
}

Json listing(const RoomOptions& options) {
  Json out = Json::object({{"description", options.description},
                           {"pin_required", !options.pin.empty()},
                           {"is_private", options.is_private},
                           {"max_publishers", options.publishers},
                           {"bitrate", options.bitrate},
                           {"fir_freq", options.fir_freq},
                           {"require_pvtid", options.require_pvtid},
                           {"require_e2ee", options.require_e2ee},
                           {"dummy_publisher", false},
                           {"notify_joining", options.notify_joining},
                           {"audiocodec", joined(options.audiocodec)},
                           {"videocodec", joined(options.videocodec)},
                           {"record", options.record},
                           {"lock_record", options.lock_record},
                           {"audiolevel_ext", options.audiolevel_ext},
                           {"audiolevel_event", options.audiolevel_event},
                           {"videoorient_ext", options.videoorient_ext},
                           {"playoutdelay_ext", options.playoutdelay_ext},
                           {"transport_wide_cc_ext", options.transport_wide_cc_ext}});
  const auto when_on = [&](const char* key, bool on) {
    if (on) {
      out.set(key, true);
    }
  };
  when_on("bitrate_cap", options.bitrate_cap);
  when_on("opus_fec", options.opus_fec);
  when_on("opus_dtx", options.opus_dtx);
  when_on("video_svc", options.video_svc);
  if (options.record && !options.rec_dir.empty()) {
    out.set("rec_dir", options.rec_dir);
  }
  if (options.audiolevel_event) {
    out.set("audio_active_packets", options.audio_active_packets);
    out.set("audio_level_average", options.audio_level_average);
  }
  return out;
}

}  // namespace cardea::videoroom
