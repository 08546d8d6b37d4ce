// Paths of modules: which one is chosen, CORS, and exchanges that end.
#include "core/modules/http_bridge.hpp"

#include <map>
#include <optional>

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::modules;
using cardea::metrics::Registry;
using cardea::session::ClientId;

struct Answered {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
};

class FakePort final : public HttpPort {
 public:
  void http_respond(ClientId client, int status, HttpHeaders headers,
                    std::string_view body) override {
    Answered& answered = answers[client.number];
    answered = {status, {}, std::string(body)};
    for (const auto& header : headers) {
      answered.headers[std::string(header.name.data, header.name.size)] =
          std::string(header.value.data, header.value.size);
    }
  }
  bool http_stream_begin(ClientId /*client*/, HttpHeaders /*headers*/) override { return true; }
  bool http_stream_write(ClientId /*client*/, std::string_view /*chunk*/) override { return reads; }
  void http_stream_end(ClientId /*client*/) override { ++ended; }

  std::map<std::uint64_t, Answered> answers;
  bool reads = true;
  int ended = 0;
};

struct World {
  Registry registry;
  FakePort port;
  HttpBridge bridge{port, HttpRoutes(registry, "", [] { return true; })};
  std::string chosen;
  cardea_http_exchange_t exchange = 0;
  std::vector<cardea_http_exchange_t> gone;

  bool add(const char* method, const char* path, bool any_origin = false) {
    return bridge.add(this, {method, path, any_origin,
                             [this, path](const cardea_http_incoming_t& incoming) {
                               chosen = path;
                               exchange = incoming.exchange;
                               return chosen != "/throws";
                             },
                             [this](cardea_http_exchange_t over) { gone.push_back(over); }});
  }
  const Answered& ask(std::uint64_t client, const char* method, const char* path) {
    HttpRequest request{method, path};
    request.headers = {{"access-control-request-headers", "authorization"}};
    bridge.request({0, client}, request);
    return port.answers[client];
  }
};

void the_longest_path_is_asked_and_only_whole_parts_count(void**) {
  World world;
  assert_true(world.add("", "/whip"));
  assert_true(world.add("", "/whip/resource"));
  assert_false(world.add("", "/whip"));
  assert_false(world.add("", "/metrics"));
  assert_false(world.add("", "whip"));
  assert_false(world.add("", "/whip/"));
  world.ask(1, "POST", "/whip/resource/7");
  assert_string_equal(world.chosen.c_str(), "/whip/resource");
  world.ask(2, "POST", "/whip/resources");
  assert_string_equal(world.chosen.c_str(), "/whip");
  assert_true(world.bridge.routed("/whip/x"));
  assert_true(world.bridge.routed("/healthz"));
  assert_false(world.bridge.routed("/whipped"));
}

void a_method_that_a_path_lacks_is_refused_and_the_others_are_named(void**) {
  World world;
  world.add("POST", "/one");
  world.add("GET", "/one");
  const Answered& answer = world.ask(1, "DELETE", "/one");
  assert_int_equal(answer.status, 405);
  assert_string_equal(answer.headers.at("Allow").c_str(), "POST, GET, OPTIONS");
  assert_string_equal(world.chosen.c_str(), "");
}

void only_paths_for_any_origin_answer_a_preflight_with_cors(void**) {
  World world;
  world.add("POST", "/open", true);
  world.add("POST", "/own");
  const Answered open = world.ask(1, "OPTIONS", "/open");
  assert_int_equal(open.status, 204);
  assert_string_equal(open.headers.at("Access-Control-Allow-Origin").c_str(), "*");
  assert_string_equal(open.headers.at("Access-Control-Allow-Headers").c_str(), "authorization");
  const Answered own = world.ask(2, "OPTIONS", "/own");
  assert_int_equal(own.status, 204);
  assert_false(own.headers.contains("Access-Control-Allow-Origin"));
  world.ask(3, "POST", "/open");
  world.bridge.respond(world.exchange, 201, {}, "made");
  assert_int_equal(world.port.answers[3].status, 201);
  assert_string_equal(world.port.answers[3].headers.at("Access-Control-Allow-Origin").c_str(), "*");
}

void an_exchange_is_answered_once_and_forgotten(void**) {
  World world;
  world.add("", "/one");
  world.ask(1, "GET", "/one");
  world.bridge.respond(world.exchange, 200, {}, "first");
  world.bridge.respond(world.exchange, 500, {}, "second");
  assert_string_equal(world.port.answers[1].body.c_str(), "first");
  assert_false(world.bridge.closed({0, 1}));
  world.ask(2, "GET", "/one");
  assert_true(world.bridge.closed({0, 2}));
  world.bridge.respond(world.exchange, 200, {}, "late");
  assert_int_equal(world.port.answers[2].status, 0);
  assert_int_equal(world.gone.size(), 1);  // of the second
  assert_int_equal(world.bridge.open_exchanges(), 0);
}

void a_stream_tells_of_its_client_leaving_and_of_its_own_end_not(void**) {
  World world;
  world.add("", "/one");
  world.ask(1, "GET", "/one");
  assert_false(world.bridge.stream_write(world.exchange, "too early"));
  assert_true(world.bridge.stream_begin(world.exchange, {}));
  assert_true(world.bridge.stream_write(world.exchange, "x"));
  assert_true(world.bridge.closed({0, 1}));
  assert_int_equal(world.gone.size(), 1);
  assert_false(world.bridge.stream_write(world.exchange, "x"));

  world.ask(2, "GET", "/one");
  assert_true(world.bridge.stream_begin(world.exchange, {}));
  world.port.reads = false;
  assert_false(world.bridge.stream_write(world.exchange, "x"));
  world.bridge.closed({0, 2});
  assert_int_equal(world.gone.size(), 1);
}

void what_a_module_leaves_unanswered_is_answered_for_it(void**) {
  World world;
  world.add("", "/one");
  world.add("", "/throws");
  assert_int_equal(world.ask(1, "GET", "/throws").status, 500);
  world.ask(2, "GET", "/one");
  world.ask(3, "GET", "/one");
  assert_true(world.bridge.stream_begin(world.exchange, {}));
  world.bridge.forget(&world);
  assert_int_equal(world.port.answers[2].status, 503);
  assert_int_equal(world.port.ended, 1);
  assert_int_equal(world.bridge.open_exchanges(), 0);
  assert_false(world.bridge.routed("/one"));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_longest_path_is_asked_and_only_whole_parts_count),
      cmocka_unit_test(a_method_that_a_path_lacks_is_refused_and_the_others_are_named),
      cmocka_unit_test(only_paths_for_any_origin_answer_a_preflight_with_cors),
      cmocka_unit_test(an_exchange_is_answered_once_and_forgotten),
      cmocka_unit_test(a_stream_tells_of_its_client_leaving_and_of_its_own_end_not),
      cmocka_unit_test(what_a_module_leaves_unanswered_is_answered_for_it),
  };
  return cmocka_run_group_tests_name("modules/http_bridge", tests, nullptr, nullptr);
}
