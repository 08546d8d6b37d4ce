// Each error of the Janus API: its code, and what of the request it repeats.
#include "core/session/errors.hpp"

#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::session;
using namespace cardea::session::test;

namespace {

struct Row {
  const char* text;  ///< S and H stand for the session's and the handle's id
  int code;
  bool has_transaction;
};

constexpr Row kRows[] = {
    {"{bad", kErrorInvalidJson, false},
    {"", kErrorInvalidJson, false},
    {"   ", kErrorInvalidJson, false},
    {"3", kErrorInvalidJson, false},
    {"[1]", kErrorInvalidJsonObject, false},
    {"{}", kErrorMissingElement, false},
    {R"({"janus":"ping"})", kErrorMissingElement, false},
    {R"({"transaction":"t"})", kErrorMissingElement, false},
    {R"({"janus":3,"transaction":"t"})", kErrorInvalidElementType, false},
    {R"({"janus":"ping","transaction":5})", kErrorInvalidElementType, false},
    {R"({"janus":"create","transaction":"t","id":"x"})", kErrorInvalidElementType, false},
    {R"({"janus":"create","transaction":"t","id":-1})", kErrorInvalidElementType, false},
    {R"({"janus":"create","transaction":"t","id":9007199254740992})", kErrorInvalidElementType,
     false},
    {R"({"janus":"create","transaction":"t","id":S})", kErrorSessionConflict, true},
    {R"({"janus":"foo","transaction":"t"})", kErrorInvalidRequestPath, true},
    {R"({"janus":"attach","transaction":"t"})", kErrorInvalidRequestPath, true},
    {R"({"janus":"message","transaction":"t","handle_id":3})", kErrorSessionNotFound, true},
    {R"({"janus":"keepalive","transaction":"t","session_id":99})", kErrorSessionNotFound, true},
    {R"({"janus":"keepalive","transaction":"t","session_id":-1})", kErrorSessionNotFound, true},
    {R"({"janus":"keepalive","transaction":"t","session_id":"x"})", kErrorInvalidElementType, true},
    {R"({"janus":"claim","transaction":"t","session_id":99})", kErrorSessionNotFound, true},
    {R"({"janus":"foo","transaction":"t","session_id":S})", kErrorUnknownRequest, true},
    {R"({"janus":"ping","transaction":"t","session_id":S})", kErrorUnknownRequest, true},
    {R"({"janus":"create","transaction":"t","session_id":S})", kErrorUnknownRequest, true},
    {R"({"janus":"message","transaction":"t","session_id":S})", kErrorInvalidRequestPath, true},
    {R"({"janus":"detach","transaction":"t","session_id":S})", kErrorInvalidRequestPath, true},
    {R"({"janus":"attach","transaction":"t","session_id":S})", kErrorMissingElement, true},
    {R"({"janus":"attach","transaction":"t","session_id":S,"plugin":3})", kErrorInvalidElementType,
     true},
    {R"({"janus":"attach","transaction":"t","session_id":S,"plugin":"no"})", kErrorPluginNotFound,
     true},
    {R"({"janus":"attach","transaction":"t","session_id":S,"plugin":"no","opaque_id":3})",
     kErrorInvalidElementType, true},
    {R"({"janus":"attach","transaction":"t","session_id":S,"handle_id":H})",
     kErrorInvalidRequestPath, true},
    {R"({"janus":"destroy","transaction":"t","session_id":S,"handle_id":H})",
     kErrorInvalidRequestPath, true},
    {R"({"janus":"foo","transaction":"t","session_id":S,"handle_id":H})", kErrorUnknownRequest,
     true},
    {R"({"janus":"foo","transaction":"t","session_id":S,"handle_id":99})", kErrorHandleNotFound,
     true},
    {R"({"janus":"message","transaction":"t","session_id":S,"handle_id":0})", kErrorHandleNotFound,
     true},
    {R"({"janus":"message","transaction":"t","session_id":S,"handle_id":H})", kErrorMissingElement,
     true},
    {R"({"janus":"message","transaction":"t","session_id":S,"handle_id":H,"body":[]})",
     kErrorInvalidElementType, true},
    {R"({"janus":"trickle","transaction":"t","session_id":S,"handle_id":H})", kErrorMissingElement,
     true},
    {R"({"janus":"trickle","transaction":"t","session_id":S,"handle_id":H,"candidate":{},"candidates":[]})",
     kErrorInvalidJson, true},
    // Threats S5, S6: a client's JSON that would be dear or ambiguous to read.
    {R"({"janus":"ping","janus":"ping","transaction":"t"})", kErrorInvalidJson, false},
    {R"({"janus":"ping","transaction":"t","x":1e999})", kErrorInvalidJson, false},
    {R"({"janus":"ping","transaction":"t","x":99999999999999999999})", kErrorInvalidJson, false},
    {R"({"janus":"ping","transaction":"t","x":NaN})", kErrorInvalidJson, false},
    {R"({"janus":"ping","transaction":"t","x":"\u0000"})", kErrorInvalidJson, false},
    {R"({"janus":"ping","transaction":"t","x":"\ud800"})", kErrorInvalidJson, false},
    {"{\"janus\":\"ping\",\"transaction\":\"\xff\"}", kErrorInvalidJson, false},
};

std::string filled(std::string text, std::uint64_t session, std::uint64_t handle) {
  for (const auto& [mark, id] : {std::pair{":S", session}, std::pair{":H", handle}}) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
      text.replace(at + 1, 1, std::to_string(id));
    }
  }
  return text;
}

void every_fault_has_its_code(void** state) {
  Bench& b = bench(state);
  const auto session = b.create();
  const auto handle = b.attach(session);
  for (const Row& row : kRows) {
    const auto got = b.send_text(filled(row.text, session, handle));
    if (got.size() != 1 || code_of(got[0]) != row.code ||
        got[0].has("transaction") != row.has_transaction) {
      fail_msg("%s: %s", row.text, got.empty() ? "no answer" : got[0].dump().c_str());
    }
    assert_true(got[0]["janus"].as_text() == "error");
    assert_false(got[0]["error"]["reason"].as_text().empty());
  }
  // The connection and the session have lived through all of it.
  assert_true(b.ask(Bench::verb("keepalive", session))["janus"].as_text() == "ack");
}

void floods_of_nesting_and_members_are_invalid_json(void** state) {
  Bench& b = bench(state);
  for (const std::size_t depth : {33U, 2049U, 100'000U}) {
    const auto got = b.send_text(std::string(depth, '['));
    assert_int_equal(got.size(), 1);
    assert_int_equal(code_of(got[0]), kErrorInvalidJson);
  }
  std::string many = R"({"janus":"ping","transaction":"t")";
  for (int i = 0; i < 1001; ++i) {
    many += ",\"k" + std::to_string(i) + "\":0";
  }
  assert_int_equal(code_of(b.send_text(many + "}")[0]), kErrorInvalidJson);
}

void the_api_secret_is_asked_for_before_anything_is_looked_up(void** state) {
  Bench& b = bench(state);
  const auto session = b.create();
  Settings settings;
  settings.api_secret = "sesame";
  b.api.set_settings(settings);
  assert_int_equal(code_of(b.ask(Bench::verb("create"))), kErrorUnauthorized);
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", session))), kErrorUnauthorized);
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", 99))), kErrorUnauthorized);
  assert_int_equal(code_of(b.ask(Bench::verb("create").set("apisecret", "sesamE"))),
                   kErrorUnauthorized);
  assert_true(b.ask(Bench::verb("ping"))["janus"].as_text() == "pong");
  assert_true(b.ask(Bench::verb("create").set("apisecret", "sesame"))["janus"].as_text() ==
              "success");
}

void ids_in_path_and_payload_must_agree(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(3);
  const auto clash = b.send_text(Bench::verb("keepalive", session).dump(), 3, session + 1);
  assert_int_equal(code_of(clash.at(0)), kErrorInvalidRequestPath);
  const auto fine = b.send_text(Bench::verb("keepalive").dump(), 3, session);
  assert_true(fine.at(0)["janus"].as_text() == "ack");
}

void a_feature_that_refuses_gives_attach_failed(void** state) {
  Bench& b = bench(state);
  const auto session = b.create();
  b.feature.refuse = true;
  assert_int_equal(
      code_of(b.ask(Bench::verb("attach", session).set("plugin", "janus.plugin.fake"))),
      kErrorPluginAttach);
  assert_int_equal(b.api.handle_count(), 0);
}

void errors_are_counted_by_code(void** state) {
  Bench& b = bench(state);
  b.send_text("{bad");
  b.send_text("{bad");
  assert_int_equal(b.registry.counter("cardea_janus_errors_total", "", {{"code", "454"}}).value(),
                   2);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_fault_has_its_code, set_up, tear_down),
      cmocka_unit_test_setup_teardown(floods_of_nesting_and_members_are_invalid_json, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(the_api_secret_is_asked_for_before_anything_is_looked_up,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(ids_in_path_and_payload_must_agree, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_feature_that_refuses_gives_attach_failed, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(errors_are_counted_by_code, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("session/errors", tests, nullptr, nullptr);
}
