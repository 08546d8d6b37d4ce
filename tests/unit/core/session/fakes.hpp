// Stand-ins around an Api: clients that keep what they got, a feature that does what a test says, a
// media engine that notes its calls, and a clock that is set by hand.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <cardea/sdk/json.hpp>

#include "core/session/api.hpp"
#include "tests/support/cmocka.hpp"

namespace cardea::session::test {

class FakeClients final : public ClientPort {
 public:
  void send(ClientId client, std::string_view text) override {
    sent[client.number].emplace_back(text);
  }
  void close(ClientId client, int code, std::string_view) override { closed[client.number] = code; }

  /// What a client got since the last call.
  std::vector<Json> take(std::uint64_t client) {
    std::vector<Json> out;
    for (const std::string& text : std::exchange(sent[client], {})) {
      auto parsed = Json::parse(text);
      out.push_back(parsed ? *parsed : Json("not JSON: " + text));
    }
    return out;
  }

  std::map<std::uint64_t, std::vector<std::string>> sent;
  std::map<std::uint64_t, int> closed;
};

class FakeEngine final : public media::Engine {
 public:
  FakeEngine() {
    transport.fingerprint =
        "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:"
        "DD:EE:FF";
    transport.candidates = {"1 1 UDP 2130706431 127.0.0.1 10000 typ host"};
  }
  const media::LocalTransport& local_transport() const override { return transport; }
  Result<void> add_peer(media::PeerId peer, std::uint64_t placement, peer::Params params) override {
    if (full) {
      return Error{"no place"};
    }
    peers[peer] = std::move(params);
    placements[peer] = placement;
    return {};
  }
  void update_peer(media::PeerId peer, peer::Params params) override {
    ++updates;
    peers[peer] = std::move(params);
  }
  void remove_peer(media::PeerId peer) override { peers.erase(peer); }
  media::RouteId add_route(media::LineRef, media::LineRef, const media::RouteSettings&) override {
    return 1;
  }
  void set_route(media::RouteId, const media::RouteSettings&) override {}
  void remove_route(media::RouteId) override {}
  void set_source(media::LineRef, const media::SourceSettings&) override {}
  void request_keyframe(media::LineRef) override {}
  media::DataSent send_data(media::PeerId, media::DataMessage message) override {
    data.push_back(std::move(message));
    return data_sent;
  }
  media::RouteId add_forward(media::LineRef, const media::ForwardSettings&) override { return 1; }
  Result<media::ReceiverPort> add_receiver(const media::ReceiverSettings&) override {
    return media::ReceiverPort{std::uint64_t{1} << 63, 20'000};
  }
  void remove_receiver(media::PeerId) override {}
  media::RouteId add_tap(media::LineRef, const media::RouteSettings&,
                         std::shared_ptr<media::Observer>) override {
    return 1;
  }
  /// Answers at once: what `stats` says.
  void query_peer(media::PeerId peer,
                  std::function<void(std::optional<media::PeerStats>)> done) override {
    const auto found = stats.find(peer);
    done(found == stats.end() ? std::nullopt : std::optional(found->second));
  }
  void query_workers(std::function<void(std::vector<media::WorkerStats>)> done) override {
    media::WorkerStats worker;
    worker.peers = peers.size();
    for (const auto& [id, params] : peers) {
      worker.peer_ids.push_back(id);
    }
    done({worker});
  }
  Result<void> start_dump(media::PeerId peer, const media::DumpSettings& settings) override {
    if (!peers.contains(peer) || !dumps.emplace(peer, settings).second) {
      return Error{"no peer, or a dump is being written"};
    }
    return {};
  }
  Result<void> stop_dump(media::PeerId peer) override {
    if (dumps.erase(peer) == 0) {
      return Error{"no dump is being written"};
    }
    return {};
  }

  media::LocalTransport transport;
  std::map<media::PeerId, peer::Params> peers;
  std::map<media::PeerId, std::uint64_t> placements;
  std::vector<media::DataMessage> data;
  media::DataSent data_sent = media::DataSent::Queued;
  std::map<media::PeerId, media::PeerStats> stats;
  std::map<media::PeerId, media::DumpSettings> dumps;
  int updates = 0;
  bool full = false;
};

inline constexpr cardea_param_t kStreamFields[] = {
    {"feed", CARDEA_PARAM_ID, 1, 0, 0, nullptr, 0, "feed"},
    {"mid", CARDEA_PARAM_STRING, 0, 0, 8, nullptr, 0, "mid"},
};
inline constexpr cardea_param_t kJoinParams[] = {
    {"room", CARDEA_PARAM_ID, 1, 0, 0, nullptr, 0, "room"},
    {"display", CARDEA_PARAM_STRING, 0, 0, 16, nullptr, 0, "name"},
    {"bitrate", CARDEA_PARAM_INT, 0, 0, 1000, nullptr, 0, "bit/s"},
    {"offset", CARDEA_PARAM_INT, 0, -5, 5, nullptr, 0, "any"},
    {"audio", CARDEA_PARAM_BOOL, 0, 0, 0, nullptr, 0, "audio"},
    {"name", CARDEA_PARAM_ID_OR_STRING, 0, 0, 4, nullptr, 0, "name"},
    {"extra", CARDEA_PARAM_OBJECT, 0, 0, 0, kStreamFields, 2, "extra"},
    {"streams", CARDEA_PARAM_ARRAY, 0, 0, 2, kStreamFields, 2, "streams"},
};
inline constexpr cardea_operation_t kOperations[] = {
    {"list", nullptr, 1, CARDEA_ACCESS_ANYONE, nullptr, 0, "list"},
    {"join", nullptr, 0, CARDEA_ACCESS_ENTER, kJoinParams, 8, "join"},
    {"create", nullptr, 1, CARDEA_ACCESS_ENTER, nullptr, 0, "create"},
    {"configure", "publisher", 0, CARDEA_ACCESS_ANYONE, nullptr, 0, "configure"},
};

class FakeFeature final : public FeaturePort {
 public:
  FakeFeature() {
    described.id = "cardea.plugin.fake";
    described.aliases = {"janus.plugin.fake"};
    described.name = "Fake";
    described.version = 3;
    described.version_text = "0.0.3";
    described.event_key = "fake";
    described.operations = kOperations;
    described.codes = {428, 423, 424, 429, 430, 433, 499};
  }
  const FeatureInfo& info() const override { return described; }
  void* attach(HandleId handle) override {
    attached.push_back(handle);
    return refuse ? nullptr : this;
  }
  void detach(void*) override { ++detached; }
  void message(void*, const cardea_request_t& request) override {
    ++messages;
    if (on_message) {
      on_message(request);
    }
  }
  Json describe(void*) override { return described_handle; }
  void media(void*, const cardea_media_event_t& event) override {
    events.push_back(event.type);
    if (on_media) {
      on_media(event);
    }
  }

  void data(void*, const cardea_data_message_t& message) override {
    messages_of_channels.emplace_back(message.payload.data, message.payload.size);
  }

  FeatureInfo described;
  std::vector<std::string> messages_of_channels;
  std::vector<HandleId> attached;
  std::vector<cardea_media_event_type_t> events;
  std::function<void(const cardea_request_t&)> on_message;
  std::function<void(const cardea_media_event_t&)> on_media;
  Json described_handle;
  int detached = 0;
  int messages = 0;
  bool refuse = false;
};

/// An Api with its surroundings. Client 1 pushes, client 2 too, 3 and above poll.
class Bench {
 public:
  explicit Bench(Settings settings = {})
      : api(std::move(settings), clients, engine, bus, log::Logger(), registry,
            [this] { return now; }) {
    api.add_feature(feature);
    for (std::uint64_t client = 1; client <= 8; ++client) {
      api.client_opened({0, client}, {"127.0.0.1", client <= 2, false});
    }
  }

  /// Sends a text and returns all that the client got for it.
  std::vector<Json> send_text(std::string_view text, std::uint64_t client = 1,
                              std::uint64_t path_session = 0, std::uint64_t path_handle = 0) {
    clients.take(client);
    api.message({0, client}, path_session, path_handle, text);
    return clients.take(client);
  }
  std::vector<Json> send(const Json& message, std::uint64_t client = 1) {
    return send_text(message.dump(), client);
  }
  /// The one answer; a value that has no member when there were more or fewer.
  Json ask(const Json& message, std::uint64_t client = 1) {
    const auto got = send(message, client);
    return got.size() == 1 ? got[0] : Json();
  }
  std::uint64_t create(std::uint64_t client = 1) {
    return ask(Json::object({{"janus", "create"}, {"transaction", "t"}}), client)["data"]["id"]
        .as_uint();
  }
  std::uint64_t attach(std::uint64_t session, std::uint64_t client = 1) {
    Json message = verb("attach", session);
    message.set("plugin", "janus.plugin.fake");
    return ask(message, client)["data"]["id"].as_uint();
  }
  static Json verb(const char* name, std::uint64_t session = 0, std::uint64_t handle = 0) {
    Json out = Json::object({{"janus", name}, {"transaction", "t"}});
    if (session != 0) {
      out.set("session_id", static_cast<unsigned long>(session));
    }
    if (handle != 0) {
      out.set("handle_id", static_cast<unsigned long>(handle));
    }
    return out;
  }
  static Json message(std::uint64_t session, std::uint64_t handle, Json body, Json jsep = {}) {
    return verb("message", session, handle)
        .set("body", std::move(body))
        .set("jsep", std::move(jsep));
  }
  void advance(Duration by) {
    now += by;
    api.poll(now);
  }
  std::uint64_t limit_hits(const char* limit) {
    return registry.counter("cardea_limit_hits_total", "", {{"limit", limit}}).value();
  }

  Time now{std::chrono::hours(1)};
  FakeClients clients;
  FakeEngine engine;
  FakeFeature feature;
  metrics::Registry registry;
  event::Bus bus{"", [] { return std::int64_t{1}; }};
  Api api;
};

/// A bench for one test, freed when the test leaves by longjmp too: cmocka's state.
inline int set_up(void** state) {
  *state = new Bench;
  return 0;
}
inline int tear_down(void** state) {
  delete static_cast<Bench*>(*state);
  return 0;
}
inline Bench& bench(void** state) { return *static_cast<Bench*>(*state); }

inline long code_of(const Json& answer) { return answer["error"]["code"].as_int(); }

}  // namespace cardea::session::test
