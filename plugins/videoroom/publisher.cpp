#include "plugins/videoroom/publisher.hpp"

#include <algorithm>
#include <limits>

#include "plugins/videoroom/handle.hpp"
#include "plugins/videoroom/recording.hpp"
#include "plugins/videoroom/room.hpp"

namespace cardea::videoroom {

namespace {

constexpr std::uint32_t kWholePeer = std::numeric_limits<std::uint32_t>::max();

const cardea_codec_t* offered(const cardea_mline_t& mline, std::string_view name) {
  for (std::size_t i = 0; i < mline.codec_count; ++i) {
    if (name == mline.codecs[i].name) {
      return &mline.codecs[i];
    }
  }
  return nullptr;
}

/// The wished codec when the room allows it, else the room's first that is offered; null: none.
const cardea_codec_t* choose(const cardea_mline_t& mline, const std::vector<std::string>& allowed,
                             const std::string& wish) {
  if (std::find(allowed.begin(), allowed.end(), wish) != allowed.end()) {
    if (const cardea_codec_t* found = offered(mline, wish)) {
      return found;
    }
  }
  for (const std::string& name : allowed) {
    if (const cardea_codec_t* found = offered(mline, name)) {
      return found;
    }
  }
  return nullptr;
}

bool says(const cardea_codec_t& codec, std::string_view parameter) {
  return codec.fmtp != nullptr &&
         std::string_view(codec.fmtp).find(parameter) != std::string_view::npos;
}

std::string wanted_fmtp(const PublishedStream& stream, const RoomOptions& options) {
  if (stream.codec == "vp9" && !options.vp9_profile.empty()) {
    return "profile-id=" + options.vp9_profile;
  }
  if (stream.codec == "h264" && !options.h264_profile.empty()) {
    return "profile-level-id=" + options.h264_profile;
  }
  if (stream.codec == "opus" && stream.dtx) {
    return "usedtx=1";
  }
  return {};
}

void take_codec(PublishedStream& stream, const cardea_mline_t& mline, const cardea_codec_t& codec,
                const RoomOptions& options) {
  stream.codec = codec.name;
  const bool opus = stream.codec == "opus";
  stream.fec = opus && options.opus_fec && says(codec, "useinbandfec=1");
  stream.dtx = opus && options.opus_dtx;
  stream.stereo = opus && says(codec, "stereo=1");
  stream.simulcast = mline.rid_count > 1 || mline.ssrc_layers > 1;
  stream.svc =
      options.video_svc && !stream.simulcast && (stream.codec == "vp9" || stream.codec == "av1");
}

}  // namespace

Publisher::Publisher(Room& joined, Id number, RoomHandle* client)
    : room(joined),
      id(std::move(number)),
      handle(client),
      source(client == nullptr ? 0 : client->id()),
      audio_active_packets(joined.options.audio_active_packets),
      audio_level_average(joined.options.audio_level_average) {}

Publisher::~Publisher() = default;

PublishedStream* Publisher::find(std::string_view mid) {
  const auto found = std::find_if(streams.begin(), streams.end(),
                                  [&](const PublishedStream& s) { return s.mid == mid; });
  return found == streams.end() ? nullptr : &*found;
}

const PublishedStream* Publisher::find(std::string_view mid) const {
  return const_cast<Publisher*>(this)->find(mid);
}

std::string Publisher::codec(cardea_kind_t kind) const {
  for (const PublishedStream& stream : streams) {
    if (stream.kind == kind && !stream.disabled) {
      return stream.codec;
    }
  }
  return {};
}

bool Publisher::talking() const {
  return std::any_of(streams.begin(), streams.end(),
                     [](const PublishedStream& stream) { return stream.talking; });
}

std::uint32_t Publisher::bitrate() const {
  const RoomOptions& options = room.options;
  const std::uint32_t wanted = own_bitrate.value_or(options.bitrate);
  const bool above = wanted == 0 || wanted > options.bitrate;
  return options.bitrate_cap && options.bitrate > 0 && above ? options.bitrate : wanted;
}

void Publisher::tell(const Json& event) const {
  if (handle != nullptr) {
    handle->event(event);
  }
}

std::uint32_t Publisher::talk_packets() const {
  // Who takes the word must not wait two seconds to be heard.
  constexpr std::uint32_t kQuick = 10;
  return room.options.audio_loudest == 0 ? audio_active_packets
                                         : std::min(audio_active_packets, kQuick);
}

void Publisher::set_source() const {
  if (!published || source == 0) {
    return;
  }
  cardea_source_settings_t whole{};
  whole.size = sizeof whole;
  whole.bitrate = bitrate();
  whole.require_bitrate_cap = room.options.bitrate_cap ? 1 : 0;
  room.host().source_set(source, kWholePeer, whole);
  for (const PublishedStream& stream : streams) {
    if (stream.kind == CARDEA_DATA || stream.disabled) {
      continue;
    }
    const bool audio = stream.kind == CARDEA_AUDIO;
    cardea_source_settings_t settings{};
    settings.size = sizeof settings;
    settings.keyframe_seconds = audio ? 0 : room.options.fir_freq;
    settings.talk_packets = audio && room.options.audiolevel_ext ? talk_packets() : 0;
    settings.talk_level = audio_level_average;
    room.host().source_set(source, stream.line, settings);
  }
}

std::vector<PublishedStream> offered_streams(const sdk::Request& request,
                                             const RoomOptions& options, const CodecWishes& wishes,
                                             const std::vector<PublishedStream>& before) {
  std::vector<PublishedStream> out;
  for (const cardea_mline_t& mline : request.mlines()) {
    if (mline.kind == CARDEA_OTHER) {
      continue;
    }
    const std::string mid(sdk::to_view(mline.mid));
    const auto old = std::find_if(before.begin(), before.end(),
                                  [&](const PublishedStream& s) { return s.mid == mid; });
    PublishedStream stream = old == before.end() ? PublishedStream{} : *old;
    stream.mindex = mline.index;
    stream.line = mline.index;
    stream.kind = mline.kind;
    stream.mid = mid;
    stream.codec.clear();
    stream.disabled = !sdk::sends(mline.direction);
    if (mline.kind != CARDEA_DATA && !stream.disabled) {
      const bool audio = mline.kind == CARDEA_AUDIO;
      const cardea_codec_t* codec = choose(mline, audio ? options.audiocodec : options.videocodec,
                                           audio ? wishes.audio : wishes.video);
      stream.disabled = codec == nullptr;
      if (codec != nullptr) {
        take_codec(stream, mline, *codec, options);
      }
    }
    out.push_back(std::move(stream));
  }
  return out;
}

sdk::Plan answer_for(const sdk::Request& request, const RoomOptions& options,
                     const std::vector<PublishedStream>& streams) {
  sdk::Plan plan = sdk::Plan::answer(request.mlines());
  plan.e2ee = request.e2ee();
  bool data = false;
  for (const PublishedStream& stream : streams) {
    sdk::MlinePlan& line = plan.lines[stream.mindex];
    if (stream.kind == CARDEA_DATA) {
      line.reject = data;  // a connection has one association (RFC 8841)
      data = true;
      continue;
    }
    if (stream.disabled) {
      line.direction = CARDEA_INACTIVE;
      continue;
    }
    line.direction = CARDEA_RECVONLY;
    line.codecs = {stream.codec};
    line.fmtp = wanted_fmtp(stream, options);
    line.simulcast = stream.simulcast;
    line.audio_level = options.audiolevel_ext && line.kind == CARDEA_AUDIO;
    line.transport_cc = options.transport_wide_cc_ext;
  }
  return plan;
}

std::vector<PublishedStream> dummy_streams(const RoomOptions& options) {
  std::vector<DummyStream> wanted = options.dummy_streams;
  if (wanted.empty()) {
    for (const auto* codecs : {&options.audiocodec, &options.videocodec}) {
      for (const std::string& codec : *codecs) {
        wanted.push_back({codec, {}});
      }
    }
  }
  std::vector<PublishedStream> out;
  for (const DummyStream& each : wanted) {
    const auto index = static_cast<std::uint32_t>(out.size());
    PublishedStream& stream = out.emplace_back();
    stream.mindex = stream.line = index;
    stream.mid = std::to_string(index);
    stream.kind = is_audio_codec(each.codec) ? CARDEA_AUDIO : CARDEA_VIDEO;
    stream.codec = each.codec;
    stream.fmtp = each.fmtp;
  }
  return out;
}

}  // namespace cardea::videoroom
