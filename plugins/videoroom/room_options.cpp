#include "plugins/videoroom/room_options.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "plugins/videoroom/errors.hpp"

namespace cardea::videoroom {

namespace {

constexpr std::array<std::string_view, 9> kAudioCodecs{
    "opus", "multiopus", "g722", "pcmu", "pcma", "isac32", "isac16", "l16-48", "l16"};
constexpr std::array<std::string_view, 5> kVideoCodecs{"vp8", "vp9", "h264", "av1", "h265"};
// Janus keeps this many per room and kind.
constexpr std::size_t kMaxCodecs = 5;
constexpr std::uint32_t kLeastBitrate = 64'000;  // bit/s, as in Janus
constexpr std::uint32_t kActivePackets = 100;

// Every option of a simple type, by Janus's name.
template <typename T>
struct Field {
  const char* name;
  T RoomOptions::*member;
};
constexpr Field<bool> kFlags[] = {
    {"is_private", &RoomOptions::is_private},
    {"require_pvtid", &RoomOptions::require_pvtid},
    {"require_e2ee", &RoomOptions::require_e2ee},
    {"signed_tokens", &RoomOptions::signed_tokens},
    {"bitrate_cap", &RoomOptions::bitrate_cap},
    {"opus_fec", &RoomOptions::opus_fec},
    {"opus_dtx", &RoomOptions::opus_dtx},
    {"video_svc", &RoomOptions::video_svc},
    {"audiolevel_ext", &RoomOptions::audiolevel_ext},
    {"audiolevel_event", &RoomOptions::audiolevel_event},
    {"videoorient_ext", &RoomOptions::videoorient_ext},
    {"playoutdelay_ext", &RoomOptions::playoutdelay_ext},
    {"transport_wide_cc_ext", &RoomOptions::transport_wide_cc_ext},
    {"record", &RoomOptions::record},
    {"lock_record", &RoomOptions::lock_record},
    {"notify_joining", &RoomOptions::notify_joining},
    {"dummy_publisher", &RoomOptions::dummy_publisher},
};
constexpr Field<std::uint32_t> kNumbers[] = {
    {"publishers", &RoomOptions::publishers},
    {"bitrate", &RoomOptions::bitrate},
    {"fir_freq", &RoomOptions::fir_freq},
    {"audio_active_packets", &RoomOptions::audio_active_packets},
    {"audio_level_average", &RoomOptions::audio_level_average},
    {"audio_loudest", &RoomOptions::audio_loudest},
};
constexpr Field<std::string> kTexts[] = {
    {"description", &RoomOptions::description},
    {"secret", &RoomOptions::secret},
    {"pin", &RoomOptions::pin},
    {"vp9_profile", &RoomOptions::vp9_profile},
    {"h264_profile", &RoomOptions::h264_profile},
    {"rec_dir", &RoomOptions::rec_dir},
};

// Runs `visit(name, member)` for every option of a simple type.
template <typename Options, typename Visit>
void for_each_simple(Options& options, Visit visit) {
  for (const auto& field : kFlags) {
    visit(field.name, options.*field.member);
  }
  for (const auto& field : kNumbers) {
    visit(field.name, options.*field.member);
  }
  for (const auto& field : kTexts) {
    visit(field.name, options.*field.member);
  }
}

void take(const Json& value, bool& into) { into = value.as_bool(into); }
void take(const Json& value, std::string& into) { into = value.text_or(into); }
void take(const Json& value, std::uint32_t& into) {
  into = static_cast<std::uint32_t>(value.as_uint(into));
}

void keep_rules(RoomOptions& options) {
  if (options.publishers == 0) {
    options.publishers = RoomOptions{}.publishers;
  }
  if (options.bitrate > 0) {
    options.bitrate = std::max(options.bitrate, kLeastBitrate);
  }
  if (options.audio_active_packets == 0) {
    options.audio_active_packets = kActivePackets;
  }
}

std::string_view trimmed(std::string_view word) {
  while (word.starts_with(' ')) {
    word.remove_prefix(1);
  }
  while (word.ends_with(' ')) {
    word.remove_suffix(1);
  }
  return word;
}

Result<void> read_codecs(const Json& given, std::span<const std::string_view> known,
                         std::vector<std::string>& into) {
  if (!given) {
    return {};
  }
  std::vector<std::string> out;
  std::string_view text = given.as_text();
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view word = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
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
  into = std::move(out);
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : ",") + word;
  }
  return out;
}

// Codecs that the room has not are left out, as Janus does.
std::vector<DummyStream> read_dummy_streams(const Json& list, const RoomOptions& options) {
  std::vector<DummyStream> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Json entry = list.at(i);
    const std::string codec = entry["codec"].text_or();
    const auto has = [&](const std::vector<std::string>& codecs) {
      return std::find(codecs.begin(), codecs.end(), codec) != codecs.end();
    };
    if (has(options.audiocodec) || has(options.videocodec)) {
      out.push_back({codec, entry["fmtp"].text_or()});
    }
  }
  return out;
}

}  // namespace

bool is_audio_codec(std::string_view name) {
  return std::find(kAudioCodecs.begin(), kAudioCodecs.end(), name) != kAudioCodecs.end();
}

bool is_video_codec(std::string_view name) {
  return std::find(kVideoCodecs.begin(), kVideoCodecs.end(), name) != kVideoCodecs.end();
}

Result<RoomOptions> read_options(const Json& from, const Id& id) {
  RoomOptions out;
  for_each_simple(out, [&](const char* name, auto& member) { take(from[name], member); });
  if (out.description.empty()) {
    out.description = "Room " + id.text();
  }
  keep_rules(out);
  if (auto read = read_codecs(from["audiocodec"], kAudioCodecs, out.audiocodec); !read) {
    return read.error();
  }
  if (auto read = read_codecs(from["videocodec"], kVideoCodecs, out.videocodec); !read) {
    return read.error();
  }
  out.dummy_streams = read_dummy_streams(from["dummy_streams"], out);
  const Json allowed = from["allowed"];
  out.check_allowed = allowed.is_array();
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    out.allowed.insert(allowed.at(i).text_or());
  }
  return out;
}

void edit_options(RoomOptions& options, const Json& body) {
  const std::uint32_t publishers = options.publishers;
  for_each_simple(options, [&](const char* name, auto& member) {
    take(body[std::string("new_") + name], member);
  });
  if (options.publishers == 0) {
    options.publishers = publishers;
  }
  keep_rules(options);
}

Json saved(const RoomOptions& options) {
  Json out = Json::object();
  for_each_simple(options,
                  [&](const char* name, const auto& member) { out.set(name, Json(member)); });
  out.set("audiocodec", joined(options.audiocodec)).set("videocodec", joined(options.videocodec));
  Json streams = Json::array();
  for (const DummyStream& stream : options.dummy_streams) {
    streams.push(Json::object({{"codec", stream.codec}, {"fmtp", stream.fmtp}}));
  }
  out.set("dummy_streams", streams);
  if (options.check_allowed) {
    Json tokens = Json::array();
    for (const std::string& token : options.allowed) {
      tokens.push(token);
    }
    out.set("allowed", tokens);
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
                           {"dummy_publisher", options.dummy_publisher},
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
