#include "plugins/videoroom/publisher.hpp"

#include <algorithm>

namespace cardea::videoroom {

namespace {

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

bool has_fec(const cardea_codec_t& codec) {
  return codec.fmtp != nullptr &&
         std::string_view(codec.fmtp).find("useinbandfec=1") != std::string_view::npos;
}

std::string wanted_fmtp(const std::string& codec, const RoomOptions& options) {
  if (codec == "vp9" && !options.vp9_profile.empty()) {
    return "profile-id=" + options.vp9_profile;
  }
  if (codec == "h264" && !options.h264_profile.empty()) {
    return "profile-level-id=" + options.h264_profile;
  }
  return {};
}

}  // namespace

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
    if (stream.kind == kind && !stream.disabled()) {
      return stream.codec;
    }
  }
  return {};
}

std::vector<PublishedStream> offered_streams(const sdk::Request& request,
                                             const RoomOptions& options, const CodecWishes& wishes,
                                             const std::vector<PublishedStream>& before) {
  std::vector<PublishedStream> out;
  for (const cardea_mline_t& mline : request.mlines()) {
    if (mline.kind != CARDEA_AUDIO && mline.kind != CARDEA_VIDEO) {
      continue;
    }
    const std::string mid(sdk::to_view(mline.mid));
    const auto old = std::find_if(before.begin(), before.end(),
                                  [&](const PublishedStream& s) { return s.mid == mid; });
    PublishedStream stream = old == before.end() ? PublishedStream{} : *old;
    stream.mindex = mline.index;
    stream.kind = mline.kind;
    stream.mid = mid;
    stream.codec.clear();
    const bool audio = mline.kind == CARDEA_AUDIO;
    const cardea_codec_t* codec = choose(mline, audio ? options.audiocodec : options.videocodec,
                                         audio ? wishes.audio : wishes.video);
    if (sdk::sends(mline.direction) && codec != nullptr) {
      stream.codec = codec->name;
      stream.fec = stream.codec == "opus" && options.opus_fec && has_fec(*codec);
      stream.simulcast = mline.rid_count > 1 || mline.ssrc_layers > 1;
    }
    out.push_back(std::move(stream));
  }
  return out;
}

sdk::Plan answer_for(const sdk::Request& request, const RoomOptions& options,
                     const std::vector<PublishedStream>& streams) {
  sdk::Plan plan = sdk::Plan::answer(request.mlines());
  plan.e2ee = request.e2ee();
  for (const PublishedStream& stream : streams) {
    sdk::MlinePlan& line = plan.lines[stream.mindex];
    if (stream.disabled()) {
      line.direction = CARDEA_INACTIVE;
      continue;
    }
    line.direction = CARDEA_RECVONLY;
    line.codecs = {stream.codec};
    line.fmtp = wanted_fmtp(stream.codec, options);
    line.simulcast = stream.simulcast;
    line.audio_level = options.audiolevel_ext && line.kind == CARDEA_AUDIO;
  }
  return plan;
}

}  // namespace cardea::videoroom
