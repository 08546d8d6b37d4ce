// The Admin API: who may use it, what it changes, and that a plugin can be asked without a session.
#include "core/session/admin_state.hpp"
#include "core/session/errors.hpp"
#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::session;
using namespace cardea::session::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kSecret = "admin-secret";
constexpr std::uint64_t kAdmin = 20;
constexpr std::uint64_t kOtherAdmin = 21;

bool is(const Json& answer, const char* kind) { return answer["janus"].as_text() == kind; }

class FakeAdminPort final : public AdminPort {
 public:
  Result<void> set_log_level(int level, const std::string& area) override {
    levels[area] = level;
    return {};
  }
  int log_level() const override { return levels.contains("") ? levels.at("") : 4; }
  Json log_areas() const override { return Json::object(); }
  void log_line(int, std::string_view line) override { lines.emplace_back(line); }
  Result<Json> query_transport(const std::string& name, const Json& request) override {
    return name == "there" ? Result<Json>(request) : Error{"Invalid transport", 460};
  }
  void resolve(const std::string&, std::function<void(Result<LookedUp>)> done) override {
    waiting = std::move(done);
  }
  void ask_stun(const StunQuestion&, std::function<void(Result<LookedUp>)> done) override {
    waiting = std::move(done);
  }

  std::map<std::string, int> levels;
  std::vector<std::string> lines;
  std::function<void(Result<LookedUp>)> waiting;
};

struct AdminBench : Bench {
  explicit AdminBench(const Settings& settings) : Bench(settings) {
    api.set_admin_port(port);
    api.client_opened({0, kAdmin}, {"127.0.0.1", true, true});
    api.client_opened({0, kOtherAdmin}, {"127.0.0.2", true, true});
  }
  Json admin(Json message, std::uint64_t client = kAdmin) {
    return ask(message.set("admin_secret", kSecret), client);
  }
  FakeAdminPort port;
};

int set_up_admin(void** state) {
  Settings settings;
  settings.admin_secret = kSecret;
  settings.token_auth = true;
  settings.api_secret = "api";
  settings.dump_folder = "/tmp/cardea-admin-test";
  // As Bench, so that tear_down() fits.
  *state = static_cast<Bench*>(new AdminBench(settings));
  return 0;
}
int tear_down_admin(void** state) {
  delete static_cast<AdminBench*>(static_cast<Bench*>(*state));
  return 0;
}
AdminBench& admin_bench(void** state) {
  return *static_cast<AdminBench*>(static_cast<Bench*>(*state));
}

std::uint64_t session_of(AdminBench& b) {
  return b.ask(Bench::verb("create").set("apisecret", "api"))["data"]["id"].as_uint();
}
std::uint64_t handle_of(AdminBench& b, std::uint64_t session) {
  return b
      .ask(Bench::verb("attach", session)
               .set("apisecret", "api")
               .set("plugin", "janus.plugin.fake"))["data"]["id"]
      .as_uint();
}

void only_ping_and_info_need_no_secret(void** state) {
  AdminBench& b = admin_bench(state);
  assert_true(is(b.ask(Bench::verb("ping"), kAdmin), "pong"));
  assert_true(is(b.ask(Bench::verb("info"), kAdmin), "server_info"));
  assert_int_equal(code_of(b.ask(Bench::verb("get_status"), kAdmin)), kErrorUnauthorized);
  assert_int_equal(code_of(b.ask(Bench::verb("nonsense"), kAdmin)), kErrorUnauthorized);
  assert_int_equal(code_of(b.ask(Bench::verb("info", 5), kAdmin)), kErrorUnauthorized);
  assert_true(is(b.admin(Bench::verb("get_status")), "success"));
  assert_int_equal(code_of(b.admin(Bench::verb("nonsense"))), kErrorInvalidRequestPath);
}

void the_two_apis_do_not_mix(void** state) {
  AdminBench& b = admin_bench(state);
  assert_int_equal(code_of(b.admin(Bench::verb("create"))), kErrorInvalidRequestPath);
  assert_int_equal(code_of(b.ask(Bench::verb("list_sessions").set("admin_secret", kSecret), 1)),
                   kErrorInvalidRequestPath);
  const auto session = b.ask(Bench::verb("create").set("apisecret", "api"), 3)["data"]["id"];
  b.api.poll_events({0, kAdmin}, session.as_uint(), 1, {"api", ""});
  assert_int_equal(code_of(b.clients.take(kAdmin).at(0)), kErrorInvalidJson);
}

void threat_s17_wrong_secrets_are_limited_and_delay_the_right_one(void** state) {
  AdminBench& b = admin_bench(state);
  for (int i = 0; i < 50; ++i) {
    const Json wrong = Bench::verb("get_status").set("admin_secret", "guess-" + std::to_string(i));
    assert_int_equal(code_of(b.ask(wrong, kAdmin)), kErrorUnauthorized);
  }
  assert_int_equal(b.limit_hits("admin_failures"), 40);
  assert_int_equal(code_of(b.admin(Bench::verb("get_status"))), kErrorUnauthorized);
  assert_true(is(b.admin(Bench::verb("get_status"), kOtherAdmin), "success"));
  b.advance(7s);
  assert_true(is(b.admin(Bench::verb("get_status")), "success"));
}

void parameters_are_checked_before_anything_changes(void** state) {
  AdminBench& b = admin_bench(state);
  assert_int_equal(code_of(b.admin(Bench::verb("set_session_timeout"))), kErrorMissingElement);
  assert_int_equal(code_of(b.admin(Bench::verb("set_session_timeout").set("timeout", "x"))),
                   kErrorInvalidElementType);
  assert_int_equal(code_of(b.admin(Bench::verb("set_session_timeout").set("timeout", -1))),
                   kErrorInvalidElementType);
  assert_int_equal(code_of(b.admin(Bench::verb("set_log_level").set("level", 8))),
                   kErrorInvalidElementType);
  assert_int_equal(b.admin(Bench::verb("get_status"))["status"]["session_timeout"].as_int(), 60);
  assert_true(b.port.levels.empty());
}

void settings_are_kept_and_shown(void** state) {
  AdminBench& b = admin_bench(state);
  const Json answer =
      b.admin(Bench::verb("set_nack_optimizations").set("nack_optimizations", true));
  assert_true(answer["nack-optimizations"].as_bool());
  b.admin(Bench::verb("set_slowlink_threshold").set("slowlink_threshold", 7));
  b.admin(Bench::verb("set_log_level").set("level", 7));
  const Json status = b.admin(Bench::verb("get_status"))["status"];
  assert_true(status["nack-optimizations"].as_bool());
  assert_int_equal(status["slowlink_threshold"].as_int(), 7);
  assert_int_equal(status["log_level"].as_int(), 7);
}

void a_shorter_session_timeout_holds_for_sessions_that_are_there(void** state) {
  AdminBench& b = admin_bench(state);
  const auto first = session_of(b);
  const auto second = session_of(b);
  assert_true(is(b.admin(Bench::verb("set_session_timeout", first).set("timeout", 5)), "success"));
  b.advance(6s);
  assert_int_equal(b.api.session_count(), 1);
  b.admin(Bench::verb("set_session_timeout").set("timeout", 10));
  b.advance(5s);
  assert_int_equal(b.api.session_count(), 0);
  assert_true(is(b.ask(Bench::verb("keepalive", second).set("apisecret", "api")), "error"));
}

void sessions_can_be_refused_listed_and_ended(void** state) {
  AdminBench& b = admin_bench(state);
  const auto session = session_of(b);
  const auto handle = handle_of(b, session);
  b.admin(Bench::verb("accept_new_sessions").set("accept", false));
  assert_int_equal(code_of(b.ask(Bench::verb("create").set("apisecret", "api"))),
                   kErrorNotAcceptingSessions);
  assert_int_equal(b.admin(Bench::verb("list_sessions"))["sessions"].at(0).as_uint(), session);
  assert_int_equal(b.admin(Bench::verb("list_handles", session))["handles"].at(0).as_uint(),
                   handle);
  b.clients.take(1);
  assert_true(is(b.admin(Bench::verb("detach_handle", session, handle)), "success"));
  assert_true(is(b.clients.take(1).at(0), "detached"));
  // A token is ignored here.
  assert_true(
      is(b.admin(Bench::verb("destroy_session", session).set("token", "whatever")), "success"));
  assert_int_equal(b.api.session_count(), 0);
  assert_int_equal(code_of(b.admin(Bench::verb("list_handles", session))), kErrorSessionNotFound);
}

void handle_info_tells_what_the_plugin_says(void** state) {
  AdminBench& b = admin_bench(state);
  const auto session = session_of(b);
  const auto handle = handle_of(b, session);
  b.feature.described_handle = Json::object({{"mood", "good"}});
  const Json info = b.admin(Bench::verb("handle_info", session, handle))["info"];
  assert_true(info["plugin_specific"]["mood"].as_text() == "good");
  assert_false(info["flags"]["ready"].as_bool(true));
  assert_true(info["sdps"].is_object());
  const Json brief =
      b.admin(Bench::verb("handle_info", session, handle).set("plugin_only", true))["info"];
  assert_false(brief.has("flags"));
  assert_int_equal(code_of(b.admin(Bench::verb("handle_info", session, handle + 1))),
                   kErrorHandleNotFound);
}

void a_plugin_answers_synchronous_requests_only(void** state) {
  AdminBench& b = admin_bench(state);
  b.feature.on_message = [&b](const cardea_request_t& request) {
    b.api.reply(request.id, R"({"fake":"success","list":[]})");
  };
  const auto ask = [&b](Json request) {
    return b.admin(Bench::verb("message_plugin")
                       .set("plugin", "janus.plugin.fake")
                       .set("request", std::move(request)));
  };
  assert_true(ask(Json::object({{"request", "list"}}))["response"]["list"].is_array());
  assert_int_equal(b.feature.detached, 1);
  assert_int_equal(b.api.session_count() + b.api.handle_count(), 0);
  const Json join = ask(Json::object({{"request", "join"}, {"room", 1}}))["response"];
  assert_int_equal(join["error_code"].as_int(), 423);
  assert_int_equal(b.feature.messages, 1);
  assert_int_equal(ask(Json::object())["response"]["error_code"].as_int(), 429);
  assert_int_equal(
      code_of(b.admin(Bench::verb("message_plugin").set("plugin", "janus.plugin.none"))),
      kErrorPluginNotFound);
}

void stored_tokens_are_scoped(void** state) {
  AdminBench& b = admin_bench(state);
  const auto token = [](const char* verb, const char* name) {
    return Bench::verb(verb).set("token", name);
  };
  const Json only_this = Json::array().push("janus.plugin.fake");
  const Json none = Json::array().push("janus.plugin.none");
  assert_int_equal(b.admin(token("add_token", "all"))["data"]["plugins"].size(), 1);
  assert_int_equal(
      b.admin(token("add_token", "some").set("plugins", none))["data"]["plugins"].size(), 0);
  const auto session = b.ask(Bench::verb("create").set("token", "some"))["data"]["id"].as_uint();
  const Json attach = Bench::verb("attach", session).set("plugin", "janus.plugin.fake");
  assert_int_equal(code_of(b.ask(Json(attach).set("token", "some"))), kErrorUnauthorizedPlugin);
  b.admin(token("allow_token", "some").set("plugins", only_this));
  assert_true(is(b.ask(Json(attach).set("token", "some")), "success"));
  assert_true(is(b.ask(Json(attach).set("token", "all")), "success"));
  b.admin(token("disallow_token", "all").set("plugins", only_this));
  assert_int_equal(code_of(b.ask(Json(attach).set("token", "all"))), kErrorUnauthorizedPlugin);
  assert_int_equal(code_of(b.admin(token("allow_token", "all").set("plugins", none))),
                   kErrorInvalidElementType);
  assert_int_equal(code_of(b.admin(token("allow_token", "no").set("plugins", only_this))),
                   kErrorTokenNotFound);
  assert_int_equal(b.admin(Bench::verb("list_tokens"))["data"]["tokens"].size(), 2);
  b.admin(token("remove_token", "some"));
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", session).set("token", "some"))),
                   kErrorUnauthorized);
}

void look_ups_are_answered_later_and_survive_the_client(void** state) {
  AdminBench& b = admin_bench(state);
  const Json ask =
      Bench::verb("resolve_address").set("address", "a.example").set("admin_secret", kSecret);
  assert_int_equal(b.send(ask, kAdmin).size(), 0);
  b.port.waiting(LookedUp{"192.0.2.1", 0, 5us});
  const Json answer = b.clients.take(kAdmin).at(0);
  assert_true(answer["ip"].as_text() == "192.0.2.1");
  assert_int_equal(answer["elapsed"].as_int(), 5);
  assert_int_equal(b.send(ask, kAdmin).size(), 0);
  b.api.client_closed({0, kAdmin});
  b.port.waiting(Error{"Could not resolve address"});
}

void captures_stay_in_their_folder(void** state) {
  AdminBench& b = admin_bench(state);
  const auto session = session_of(b);
  const auto handle = handle_of(b, session);
  const auto start = [&](const char* folder, const char* name) {
    return code_of(b.admin(
        Bench::verb("start_pcap", session, handle).set("folder", folder).set("filename", name)));
  };
  assert_int_equal(start("/etc", "x"), kErrorInvalidElementType);
  assert_int_equal(start("../x", "x"), kErrorInvalidElementType);
  assert_int_equal(start("", "../x"), kErrorInvalidElementType);
  assert_int_equal(start("", ".x"), kErrorInvalidElementType);
  assert_int_equal(code_of(b.admin(Bench::verb("stop_pcap", session, handle))), kErrorUnknown);
  assert_true(b.engine.dumps.empty());
}

}  // namespace

#define ADMIN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_admin, tear_down_admin)

int main() {
  const CMUnitTest tests[] = {
      ADMIN_TEST(only_ping_and_info_need_no_secret),
      ADMIN_TEST(the_two_apis_do_not_mix),
      ADMIN_TEST(threat_s17_wrong_secrets_are_limited_and_delay_the_right_one),
      ADMIN_TEST(parameters_are_checked_before_anything_changes),
      ADMIN_TEST(settings_are_kept_and_shown),
      ADMIN_TEST(a_shorter_session_timeout_holds_for_sessions_that_are_there),
      ADMIN_TEST(sessions_can_be_refused_listed_and_ended),
      ADMIN_TEST(handle_info_tells_what_the_plugin_says),
      ADMIN_TEST(a_plugin_answers_synchronous_requests_only),
      ADMIN_TEST(stored_tokens_are_scoped),
      ADMIN_TEST(look_ups_are_answered_later_and_survive_the_client),
      ADMIN_TEST(captures_stay_in_their_folder),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
