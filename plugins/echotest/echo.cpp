#include "plugins/echotest/echo.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include <cardea/sdk/server.hpp>

namespace cardea::echotest {
namespace {

constexpr std::uint32_t kWholePeer = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMebibyte = 1 << 20;
constexpr std::int64_t kLongestDelayMs = 40'950;
constexpr std::string_view kGreeting = "Cardea's EchoTest read: ";

std::string profile_fmtp(const std::string& codec, const std::string& profile) {
  if (profile.empty()) {
    return {};
  }
  return (codec == "vp9" ? "profile-id=" : "profile-level-id=") + profile;
}

bool names_something(const sdk::Request& request) {
  return std::any_of(std::begin(detail::kSettings), std::end(detail::kSettings),
                     [&](const char* name) { return request.body().has(name); });
}

sdk::Plan answer_plan(const sdk::Request& request) {
  sdk::Plan plan = sdk::Plan::answer(request.mlines());
  plan.e2ee = request.e2ee();
  for (sdk::MlinePlan& line : plan.lines) {
    const bool video = line.kind == CARDEA_VIDEO;
    const std::string codec = request[video ? "videocodec" : "audiocodec"].text_or();
    if (line.kind == CARDEA_DATA) {
      line.reject = false;
      continue;
    }
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

const char* word(cardea_kind_t kind) {
  return kind == CARDEA_AUDIO ? "audio" : kind == CARDEA_VIDEO ? "video" : "data";
}

}  // namespace

EchoTest::EchoTest(const cardea_host_t& host_table, Json given)
    : Plugin(host_table, std::move(given)),
      budget_(std::make_shared<sdk::RecordingBudget>(
          config()["echotest"]["recording_quota"].as_uint(1'024) * kMebibyte)) {
  recordings_ = config()["echotest"]["recordings"].text_or();
  const std::string data = sdk::Server(host()).data_folder();
  if (recordings_.empty() && !data.empty()) {
    recordings_ = data + "/recordings";
  }
}

sdk::Answer Echo::configure(const sdk::Request& request) {
  if (!request.has_offer() && !names_something(request)) {
    return Error{"Message error: no supported attributes found", kInvalidElement};
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
  e2ee_ = request.e2ee();
  connect_lines();
  apply_settings();
  return Json();
}

void Echo::on_media_down(std::string_view) {
  routes_.clear();
  stop_recording();
  event(Json::object({{"echotest", "event"}, {"result", "done"}}));
}

void Echo::on_media(const cardea_media_event_t& media) {
  if (media.type != CARDEA_MEDIA_LAYER) {
    return;
  }
  Json news = Json::object({{"echotest", "event"}});
  if (media.value >= 0) {
    news.set("substream", media.value);
  }
  if (media.temporal >= 0) {
    news.set("temporal", media.temporal);
  }
  event(news);
}

void Echo::on_data(const cardea_data_message_t& message) {
  if (message.binary != 0) {
    static_cast<void>(host().data_send(id(), message));
    return;
  }
  const std::string text = std::string(kGreeting).append(sdk::to_view(message.payload));
  cardea_data_message_t answer = message;
  answer.payload = sdk::to_str(text);
  // What does not fit into the client's queue is lost: it sends faster than it reads.
  static_cast<void>(host().data_send(id(), answer));
}

Json Echo::describe() const {
  return Json::object({{"audio_active", settings_.audio},
                       {"video_active", settings_.video},
                       {"bitrate", settings_.bitrate},
                       {"routes", routes_.size()},
                       {"recordings", recordings_.size()}});
}

void Echo::take_settings(const sdk::Request& request) {
  Settings& to = settings_;
  const auto number = [&](const char* name, std::int64_t before) {
    return request[name].as_int(before);
  };
  const auto delay = [&](const char* name, std::int32_t before) {
    return static_cast<std::int32_t>(
        std::clamp(number(name, before), std::int64_t{-1}, kLongestDelayMs));
  };
  to.audio = request["audio"].as_bool(to.audio);
  to.video = request["video"].as_bool(to.video);
  to.record = request["record"].as_bool(to.record);
  to.filename = request["filename"].text_or(to.filename);
  to.bitrate = static_cast<std::uint32_t>(number("bitrate", to.bitrate));
  to.fallback_us = static_cast<std::uint32_t>(number("fallback", to.fallback_us));
  to.substream =
      static_cast<std::int32_t>(number("substream", number("spatial_layer", to.substream)));
  to.temporal =
      static_cast<std::int32_t>(number("temporal", number("temporal_layer", to.temporal)));
  to.min_delay_ms = delay("min_delay", to.min_delay_ms);
  to.max_delay_ms = delay("max_delay", to.max_delay_ms);
}

/// Each m-line that both sides use goes back on itself.
void Echo::connect_lines() {
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

void Echo::apply_settings() {
  for (const Echoed& echoed : routes_) {
    const bool on = echoed.kind == CARDEA_AUDIO ? settings_.audio : settings_.video;
    cardea_route_settings_t settings = CARDEA_ROUTE_SETTINGS;
    settings.paused = on ? 0 : 1;
    settings.substream = settings_.substream;
    settings.temporal = settings_.temporal;
    settings.fallback_us = settings_.fallback_us;
    settings.min_delay_ms = settings_.min_delay_ms;
    // A largest delay below the least one would be no range.
    settings.max_delay_ms = settings_.min_delay_ms < 0
                                ? settings_.max_delay_ms
                                : std::max(settings_.max_delay_ms, settings_.min_delay_ms);
    host().route_set(echoed.route, settings);
  }
  if (!routes_.empty()) {
    host().source_set(id(), kWholePeer, settings_.bitrate, 0);
  }
  if (settings_.record && recordings_.empty()) {
    start_recording();
  } else if (!settings_.record) {
    stop_recording();
  }
}

void Echo::start_recording() {
  const auto now = sdk::detail::wall_clock();
  const std::string stem = settings_.filename.empty()
                               ? "echotest-" + std::to_string(id()) + "-" + std::to_string(now)
                               : settings_.filename;
  std::map<cardea_kind_t, int> seen;
  // A copy: the host's list is borrowed until the next call.
  const auto mlines = host().mlines(id());
  const std::vector<cardea_mline_t> lines(mlines.begin(), mlines.end());
  for (const cardea_mline_t& mline : lines) {
    if (mline.kind == CARDEA_OTHER || !sdk::sends(mline.direction)) {
      continue;
    }
    const int number = seen[mline.kind]++;
    record_line(mline, stem + "-" + word(mline.kind) +
                           (number == 0 ? "" : "-" + std::to_string(number)) + ".mjr");
  }
}

void Echo::record_line(const cardea_mline_t& mline, const std::string& name) {
  const auto path = sdk::recording_path(plugin_.recordings(), {}, name);
  if (!path) {
    host().warn("a recording outside of the folder is refused");
    return;
  }
  sdk::MjrStream header;
  header.kind = word(mline.kind)[0];
  header.codec = mline.codec_count > 0 ? mline.codecs[0].name : "text";
  header.encrypted = e2ee_;
  auto recording = std::make_shared<sdk::Recording>(
      host(), std::string(sdk::to_view(mline.mid)),
      sdk::MjrWriter(*path, std::move(header), sdk::detail::wall_clock()), plugin_.budget());
  const auto failed = [host = host()](sdk::Recording& ended) {
    host.warn("recording " + ended.path() + " has ended: " + sdk::name_of(ended.end()));
    ended.stop();
  };
  if (recording->start(id(), mline.index, failed)) {
    recordings_.push_back(std::move(recording));
  }
}

void Echo::stop_recording() {
  for (const auto& recording : recordings_) {
    recording->stop();
  }
  recordings_.clear();
}

}  // namespace cardea::echotest
