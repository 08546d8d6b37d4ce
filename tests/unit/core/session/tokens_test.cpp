// Who is let in with which secret or token, and to which features.
#include "core/session/errors.hpp"
#include "core/session/signed_token.hpp"
#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::session;
using namespace cardea::session::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kSecret = "test-secret-test-secret-test-secret";
constexpr const char* kCoreToken =
    "1900000000,janus,janus.plugin.videoroom:TkwcvvrvIasm30pIo2vHIBkHmNs=";
constexpr const char* kRoomToken =
    "1900000000,janus.plugin.videoroom,room=1234:Xqo6ZeC6TxVkxdAThgKO9uiflCU=";
constexpr std::int64_t kBefore = 1'899'999'999;

std::string sign(const std::string& text) { return text + ":" + token_signature(kSecret, text); }

bool is(const Json& answer, const char* kind) { return answer["janus"].as_text() == kind; }

Json with_token(Json message, const std::string& token) { return message.set("token", token); }

int set_up_signed(void** state) {
  Settings settings;
  settings.token_auth = true;
  settings.token_secret = kSecret;
  settings.janus_open = false;
  *state = new Bench(settings);
  return 0;
}

int set_up_both(void** state) {
  Settings settings;
  settings.token_auth = true;
  settings.api_secret = "api";
  *state = new Bench(settings);
  return 0;
}

void the_known_tokens_are_valid_until_they_expire(void**) {
  assert_true(valid_signed_token(kSecret, kCoreToken, "janus", "", kBefore));
  assert_true(valid_signed_token(kSecret, kCoreToken, "janus", "janus.plugin.videoroom", kBefore));
  assert_true(
      valid_signed_token(kSecret, kRoomToken, "janus.plugin.videoroom", "room=1234", kBefore));
  assert_false(valid_signed_token(kSecret, kCoreToken, "janus", "", kBefore + 1));
}

void a_token_for_another_realm_or_word_is_refused(void**) {
  assert_false(valid_signed_token(kSecret, kRoomToken, "janus", "", kBefore));
  assert_false(
      valid_signed_token(kSecret, kRoomToken, "janus.plugin.videoroom", "room=123", kBefore));
  assert_false(
      valid_signed_token(kSecret, kRoomToken, "janus.plugin.videoroom", "room=12345", kBefore));
  const std::string two = sign("1900000000,janus,a,b");
  assert_true(valid_signed_token(kSecret, two, "janus", "b", kBefore));
  assert_false(valid_signed_token(kSecret, two, "janus", "a,b", kBefore));
}

void forged_and_broken_tokens_are_refused(void**) {
  const std::string good = kCoreToken;
  const std::string bad[] = {"",
                             ":",
                             "x",
                             good + "x",
                             good.substr(0, good.size() - 1),
                             "2" + good,
                             good.substr(0, good.find(':')),
                             good.substr(0, good.find(':') + 1),
                             "1900000000,janus,janus.plugin.echotest" + good.substr(good.find(':')),
                             sign("1900000000"),
                             sign("1900000000x,janus"),
                             sign("-1,janus"),
                             sign("99999999999999999999,janus"),
                             sign(",janus"),
                             sign("1900000000,janus," + std::string(5000, 'a'))};
  for (const std::string& token : bad) {
    assert_false(valid_signed_token(kSecret, token, "janus", "", 1));
  }
  assert_false(valid_signed_token("another", good, "janus", "", kBefore));
  assert_false(valid_signed_token("", good, "janus", "", kBefore));
}

void a_signed_token_is_asked_for_on_every_request(void** state) {
  Bench& b = bench(state);
  const std::string token = sign("32503680000,janus,janus.plugin.fake");
  assert_int_equal(code_of(b.ask(Bench::verb("create"))), kErrorUnauthorized);
  assert_int_equal(code_of(b.ask(Bench::verb("create").set("token", 5))), kErrorUnauthorized);
  const Json made = b.ask(with_token(Bench::verb("create"), token));
  const auto session = made["data"]["id"].as_uint();
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", session))), kErrorUnauthorized);
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", session + 1))), kErrorUnauthorized);
  assert_true(is(b.ask(with_token(Bench::verb("keepalive", session), token)), "ack"));
  // As in Janus, another token will do for the same session.
  assert_true(
      is(b.ask(with_token(Bench::verb("keepalive", session), sign("32503680000,janus"))), "ack"));
  assert_true(is(b.ask(Bench::verb("ping")), "pong"));
  assert_true(b.ask(Bench::verb("info"))["auth_token"].as_bool());
}

void a_signed_token_opens_the_features_that_it_names(void** state) {
  Bench& b = bench(state);
  const std::string token = sign("32503680000,janus,janus.plugin.fake");
  const std::string other = sign("32503680000,janus,janus.plugin.videoroom");
  const auto session = b.ask(with_token(Bench::verb("create"), token))["data"]["id"].as_uint();
  Json attach = Bench::verb("attach", session);
  attach.set("plugin", "janus.plugin.fake");
  const Json refused = b.ask(with_token(attach, other));
  assert_int_equal(code_of(refused), 405);
  assert_true(refused["error"]["reason"].as_text() ==
              "Provided token can't access plugin 'janus.plugin.fake'");
  const auto handle = b.ask(with_token(attach, token))["data"]["id"].as_uint();
  assert_true(handle > 0);
  assert_int_equal(
      code_of(b.ask(with_token(Bench::verb("attach", session).set("plugin", "no"), token))),
      kErrorPluginNotFound);
  // The server is closed to anonymous clients, but this one is not anonymous.
  assert_true(b.api.may(handle, CARDEA_ACCESS_ENTER));
}

void a_poll_needs_a_token_too(void** state) {
  Bench& b = bench(state);
  const std::string token = sign("32503680000,janus");
  const auto session = b.ask(with_token(Bench::verb("create"), token), 3)["data"]["id"].as_uint();
  b.api.poll_events({0, 4}, session, 1);
  assert_int_equal(code_of(b.clients.take(4).at(0)), kErrorUnauthorized);
  b.api.poll_events({0, 5}, session, 1, {"", token});
  assert_int_equal(b.clients.take(5).size(), 0);
  b.advance(30s);
  assert_true(is(b.clients.take(5).at(0), "keepalive"));
}

void threat_s9_a_claim_needs_a_token_and_moves_the_session(void** state) {
  Bench& b = bench(state);
  const std::string token = sign("32503680000,janus");
  const auto session = b.ask(with_token(Bench::verb("create"), token), 1)["data"]["id"].as_uint();
  const Json keepalive = with_token(Bench::verb("keepalive", session), token);
  // A foreign session looks as one that is not there, token or not.
  assert_int_equal(code_of(b.ask(keepalive, 2)), kErrorSessionNotFound);
  assert_int_equal(code_of(b.ask(keepalive, 3)), kErrorSessionNotFound);
  assert_int_equal(code_of(b.ask(Bench::verb("claim", session), 2)), kErrorUnauthorized);
  assert_true(is(b.ask(keepalive, 1), "ack"));
  assert_true(is(b.ask(with_token(Bench::verb("claim", session), token), 2), "success"));
  assert_true(is(b.ask(keepalive, 2), "ack"));
  assert_int_equal(code_of(b.ask(keepalive, 1)), kErrorSessionNotFound);
}

void either_the_secret_or_a_token_will_do(void** state) {
  Bench& b = bench(state);
  assert_int_equal(code_of(b.ask(Bench::verb("create"))), kErrorUnauthorized);
  assert_int_equal(code_of(b.ask(with_token(Bench::verb("create"), "unknown"))),
                   kErrorUnauthorized);
  assert_true(is(b.ask(Bench::verb("create").set("apisecret", "api")), "success"));
  assert_int_equal(code_of(b.ask(Bench::verb("create").set("apisecret", "apj"))),
                   kErrorUnauthorized);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_known_tokens_are_valid_until_they_expire),
      cmocka_unit_test(a_token_for_another_realm_or_word_is_refused),
      cmocka_unit_test(forged_and_broken_tokens_are_refused),
      cmocka_unit_test_setup_teardown(a_signed_token_is_asked_for_on_every_request, set_up_signed,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_signed_token_opens_the_features_that_it_names,
                                      set_up_signed, tear_down),
      cmocka_unit_test_setup_teardown(a_poll_needs_a_token_too, set_up_signed, tear_down),
      cmocka_unit_test_setup_teardown(threat_s9_a_claim_needs_a_token_and_moves_the_session,
                                      set_up_signed, tear_down),
      cmocka_unit_test_setup_teardown(either_the_secret_or_a_token_will_do, set_up_both, tear_down),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
