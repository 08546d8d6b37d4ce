// A client's messages against a whole Api: lines of the input are sent in turn by one of three
// connections, with the session's and handle's real ids put in.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/sdk/json.hpp>

#include "core/session/api.hpp"

namespace {

using namespace cardea;
using namespace cardea::session;

constexpr std::uint64_t kSession = 1001;

class Clients final : public ClientPort {
 public:
  void send(ClientId, std::string_view text) override {
    // What goes out is always one JSON value.
    if (!Json::parse(text, {.depth = 60, .members = 1'000'000, .nodes = 10'000'000})) {
      __builtin_trap();
    }
  }
  void close(ClientId, int, std::string_view) override {}
};

class Engine final : public media::Engine {
 public:
  Engine() {
    transport_.fingerprint =
        "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:"
        "DD:EE:FF";
    transport_.candidates = {"1 1 UDP 2130706431 127.0.0.1 10000 typ host"};
  }
  const media::LocalTransport& local_transport() const override { return transport_; }
  Result<void> add_peer(media::PeerId, std::uint64_t, peer::Params) override { return {}; }
  void update_peer(media::PeerId, peer::Params) override {}
  void remove_peer(media::PeerId) override {}
  media::RouteId add_route(media::LineRef, media::LineRef, const media::RouteSettings&) override {
    return 1;
  }
  void set_route(media::RouteId, const media::RouteSettings&) override {}
  void remove_route(media::RouteId) override {}
  void set_source(media::LineRef, const media::SourceSettings&) override {}
  void request_keyframe(media::LineRef) override {}
  media::DataSent send_data(media::PeerId, media::DataMessage) override {
    return media::DataSent::NoChannel;
  }
  media::RouteId add_forward(media::LineRef, const media::ForwardSettings&) override { return 0; }
  Result<media::ReceiverPort> add_receiver(const media::ReceiverSettings&) override {
    return Error{"none here"};
  }
  void remove_receiver(media::PeerId) override {}
  media::RouteId add_tap(media::LineRef, const media::RouteSettings&,
                         std::shared_ptr<media::Observer>) override {
    return 0;
  }
  void query_peer(media::PeerId,
                  std::function<void(std::optional<media::PeerStats>)> done) override {
    done(std::nullopt);
  }
  void query_workers(std::function<void(std::vector<media::WorkerStats>)> done) override {
    done({});
  }
  Result<void> start_dump(media::PeerId, const media::DumpSettings&) override { return {}; }
  Result<void> stop_dump(media::PeerId) override { return {}; }

 private:
  media::LocalTransport transport_;
};

constexpr cardea_param_t kFields[] = {{"feed", CARDEA_PARAM_ID, 1, 0, 0, nullptr, 0, ""}};
constexpr cardea_param_t kParams[] = {
    {"room", CARDEA_PARAM_ID_OR_STRING, 1, 0, 32, nullptr, 0, ""},
    {"bitrate", CARDEA_PARAM_INT, 0, 0, 1000, nullptr, 0, ""},
    {"streams", CARDEA_PARAM_ARRAY, 0, 0, 8, kFields, 1, ""},
};
constexpr cardea_operation_t kOperations[] = {
    {"join", nullptr, 0, CARDEA_ACCESS_ENTER, kParams, 3, ""},
    {"list", nullptr, 1, CARDEA_ACCESS_ANYONE, nullptr, 0, ""},
    {"offer", nullptr, 0, CARDEA_ACCESS_ANYONE, nullptr, 0, ""},
};

/// Answers every offer line by line, makes an offer when asked, takes every answer.
class Feature final : public FeaturePort {
 public:
  Feature() {
    info_.id = "fake";
    info_.event_key = "fake";
    info_.operations = kOperations;
    info_.codes = {428, 423, 424, 429, 430, 433, 499};
  }
  const FeatureInfo& info() const override { return info_; }
  void* attach(HandleId handle) override {
    handle_ = handle;
    return this;
  }
  void detach(void*) override {}
  void media(void*, const cardea_media_event_t&) override {}
  Json describe(void*) override { return {}; }
  void data(void*, const cardea_data_message_t&) override {}
  void message(void*, const cardea_request_t& request) override {
    const std::string_view name = request.operation->name;
    if (name == "list") {
      api->reply(request.id, {request.body.data, request.body.size});
    } else if (request.jsep.type == CARDEA_JSEP_ANSWER) {
      api->accept_answer(request.id);
    } else {
      plan(request, name == "offer" ? CARDEA_JSEP_OFFER : CARDEA_JSEP_ANSWER);
    }
  }
  [[nodiscard]] HandleId handle() const { return handle_; }

  Api* api = nullptr;

 private:
  void plan(const cardea_request_t& request, cardea_jsep_type_t type) {
    std::vector<cardea_mline_plan_t> lines;
    for (std::size_t i = 0; i < request.jsep.mline_count; ++i) {
      add(lines, request.jsep.mlines[i].kind);
    }
    if (lines.empty()) {
      add(lines, CARDEA_VIDEO);
    }
    cardea_jsep_plan_t wanted{};
    wanted.size = sizeof wanted;
    wanted.type = type;
    wanted.mlines = lines.data();
    wanted.mline_count = lines.size();
    api->event(handle_, request.id, "{}", &wanted);
    std::size_t count = 0;
    api->mlines(handle_, count);
  }
  static void add(std::vector<cardea_mline_plan_t>& lines, cardea_kind_t kind) {
    cardea_mline_plan_t line{};
    line.size = sizeof line;
    line.kind = kind;
    line.direction = CARDEA_SENDRECV;
    line.simulcast = 1;
    lines.push_back(line);
  }

  FeatureInfo info_;
  HandleId handle_ = 0;
};

std::string with_ids(std::string_view line, HandleId handle) {
  std::string out(line.substr(0, 200'000));
  for (const auto& [mark, id] : {std::pair{"$S", kSession}, std::pair{"$H", handle}}) {
    const std::string text = std::to_string(id);
    for (std::size_t at = out.find(mark); at != std::string::npos;
         at = out.find(mark, at + text.size())) {
      out.replace(at, 2, text);
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Clients clients;
  Engine engine;
  Feature feature;
  metrics::Registry registry;
  Time now{std::chrono::hours(1)};
  event::Bus bus("", [] { return std::int64_t{1}; });
  Api api({}, clients, engine, bus, log::Logger(), registry, [&now] { return now; });
  feature.api = &api;
  api.add_feature(feature);
  for (const std::uint64_t client : {1, 2, 3}) {
    api.client_opened({0, client}, {"127.0.0.1", client != 3, false});
  }
  api.message({0, 1}, 0, 0, R"({"janus":"create","transaction":"t","id":1001})");
  api.message({0, 1}, 0, 0,
              R"({"janus":"attach","transaction":"t","session_id":1001,"plugin":"fake"})");

  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::uint64_t client = 1;
    if (!line.empty() && line[0] >= '1' && line[0] <= '3') {
      client = static_cast<std::uint64_t>(line[0] - '0');
      line.remove_prefix(1);
    }
    if (line == "poll") {
      api.poll_events({0, 3}, kSession, 3);
    } else {
      api.message({0, client}, 0, 0, with_ids(line, feature.handle()));
    }
    now += std::chrono::seconds(1);
    api.poll(now);
  }
  return 0;
}
