// EchoTest: sends a client's own media back, under the limits that it asks for. Janus's
// documentation, "EchoTest plugin"; error codes as Debian's janus answers (tests/compat/contract).
//
// Text on a data channel is answered with a text, bytes go back as they came. `record` and
// `filename` are checked and otherwise without effect: this build has no recorder.
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <cardea/sdk/plugin.hpp>

namespace cardea::echotest {
namespace {

constexpr std::uint32_t kWholePeer = std::numeric_limits<std::uint32_t>::max();
constexpr int kInvalidElement = 413;
constexpr int kInvalidSdp = 414;

constexpr std::int64_t kMaxCodecName = 32;
constexpr std::int64_t kMaxFileName = 1024;

using namespace sdk::param;

constexpr cardea_param_t kParams[] = {
    boolean("audio", "Send audio back"),
    boolean("video", "Send video back"),
    integer("bitrate", 0, kLargestInt, "Cap on what the client sends, bit/s; 0: none"),
    integer("substream", 0, 2, "Highest simulcast layer to send back"),
    integer("temporal", 0, 2, "Highest temporal layer to send back"),
    integer("fallback", 0, kLargestInt, "Microseconds without a layer before a lower one is taken"),
    boolean("svc", "Accepted for compatibility"),
    integer("spatial_layer", 0, 2, "As substream"),
    integer("temporal_layer", 0, 2, "As temporal"),
    boolean("record", "Accepted for compatibility"),
    text("filename", kMaxFileName, "Accepted for compatibility"),
    text("audiocodec", kMaxCodecName, "Codec to prefer in an answer"),
    text("videocodec", kMaxCodecName, "Codec to prefer in an answer"),
    text("videoprofile", kMaxCodecName, "VP9 or H.264 profile to prefer in an answer"),
    boolean("opusred", "Accepted for compatibility"),
    integer("min_delay", 0, kLargestInt, "Accepted for compatibility"),
    integer("max_delay", 0, kLargestInt, "Accepted for compatibility"),
};

std::string profile_fmtp(const std::string& codec, const std::string& profile) {
  if (profile.empty()) {
    return {};
  }
  return (codec == "vp9" ? "profile-id=" : "profile-level-id=") + profile;
}

}  // namespace

class Echo final : public sdk::Handle {
 public:
  using Handle::Handle;

  sdk::Answer configure(const sdk::Request& request) {
    if (!request.has_offer() && !names_something(request)) {
      return Error{"Invalid element (no supported attributes found)", kInvalidElement};
    }
    take_settings(request);
    const Json done = Json::object({{"echotest", "event"}, {"result", "ok"}});
    if (!request.has_offer()) {
      apply_settings();
      return done;
    }
    const sdk::Plan plan = answer_plan(request);
    if (auto sent = event(request, done, &plan); !sent) {
      return Error{"Error processing offer: " + sent.error().message, kInvalidSdp};
    }
    connect_lines();
    apply_settings();
    return Json();
  }

  void on_media_down(std::string_view) override {
    routes_.clear();
    event(Json::object({{"echotest", "event"}, {"result", "done"}}));
  }

  void on_data(const cardea_data_message_t& message) override {
    const std::string text = message.binary != 0 ? std::string()
                                                 : "Janus EchoTest here! You wrote: " +
                                                       std::string(sdk::to_view(message.payload));
    cardea_data_message_t answer = message;
    if (message.binary == 0) {
      answer.payload = sdk::to_str(text);
    }
    // Who does not take what we send is not read from either: there is always room.
    static_cast<void>(host().data_send(id(), answer));
  }

  [[nodiscard]] Json describe() const override {
    return Json::object({{"audio_active", audio_},
                         {"video_active", video_},
                         {"bitrate", bitrate_},
                         {"routes", routes_.size()}});
  }

  static constexpr const char* kAliases[] = {"janus.plugin.echotest", nullptr};
  static constexpr sdk::FeatureInfo kFeature{
      .id = "cardea.plugin.echotest",
      .event_key = "echotest",
      .name = "EchoTest",
      .description = "Sends a client its own media back",
      .author = "Cardea",
      .aliases = kAliases,
      .codes = {411, kInvalidElement, 0, kInvalidElement, kInvalidElement, kInvalidElement, 499},
      .request_optional = true};
  static constexpr sdk::Operation<Echo> kOperations[] = {
      {.name = "configure",
       .handle = sdk::method<&Echo::configure>(),
       .params = kParams,
       .help = "The one request, which needs no name: settings, and an offer to answer"},
  };

 private:
  struct Echoed {
    cardea_route_t route;
    cardea_kind_t kind;
  };

  static bool names_something(const sdk::Request& request) {
    for (const cardea_param_t& param : kParams) {
      if (request[param.name]) {
        return true;
      }
    }
    return false;
  }

  void take_settings(const sdk::Request& request) {
    audio_ = request["audio"].as_bool(audio_);
    video_ = request["video"].as_bool(video_);
    bitrate_ = static_cast<std::uint32_t>(request["bitrate"].as_uint(bitrate_));
    const auto layer = [&](const char* name, std::int32_t before) {
      return static_cast<std::int32_t>(request[name].as_int(before));
    };
    substream_ = layer("substream", layer("spatial_layer", substream_));
    temporal_ = layer("temporal", layer("temporal_layer", temporal_));
  }

  static sdk::Plan answer_plan(const sdk::Request& request) {
    sdk::Plan plan = sdk::Plan::answer(request.mlines());
    plan.e2ee = request.e2ee();
    for (sdk::MlinePlan& line : plan.lines) {
      line.reject = line.kind == CARDEA_OTHER;
      const bool video = line.kind == CARDEA_VIDEO;
      const std::string codec = request[video ? "videocodec" : "audiocodec"].text_or();
      if (!codec.empty()) {
        line.codecs = {codec};
      }
      if (video) {
        line.fmtp = profile_fmtp(codec, request["videoprofile"].text_or());
        line.simulcast = true;
      }
    }
    return plan;
  }

  /// Each m-line that both sides use goes back on itself.
  void connect_lines() {
    routes_.clear();
    for (const cardea_mline_t& mline : host().mlines(id())) {
      const bool media = mline.kind == CARDEA_AUDIO || mline.kind == CARDEA_VIDEO;
      if (!media || mline.direction != CARDEA_SENDRECV) {
        continue;
      }
      if (const cardea_route_t made = route(mline.index, *this, mline.index)) {
        routes_.push_back({made, mline.kind});
      }
    }
  }

  void apply_settings() const {
    if (routes_.empty()) {
      return;
    }
    for (const Echoed& echoed : routes_) {
      const bool on = echoed.kind == CARDEA_AUDIO ? audio_ : video_;
      cardea_route_settings_t settings = CARDEA_ROUTE_SETTINGS;
      settings.paused = on ? 0 : 1;
      settings.substream = substream_;
      settings.temporal = temporal_;
      host().route_set(echoed.route, settings);
    }
    host().source_set(id(), kWholePeer, bitrate_, 0);
  }

  bool audio_ = true;
  bool video_ = true;
  std::uint32_t bitrate_ = 0;
  std::int32_t substream_ = -1;
  std::int32_t temporal_ = -1;
  std::vector<Echoed> routes_;
};

}  // namespace cardea::echotest

CARDEA_FEATURE_MODULE(cardea::echotest::Echo);
