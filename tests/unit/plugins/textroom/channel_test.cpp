// TextRoom's requests over a data channel, where no server checks them before the plugin does: each
// of the declared ones with faults in every member, and texts that are no requests at all.
#include <string>
#include <vector>

#include <cardea/sdk/parameters.hpp>

#include "plugins/textroom/requests/table.hpp"
#include "tests/support/cmocka.hpp"
#include "tests/support/fake_host.hpp"

namespace {

using namespace cardea;
using tests::DataSent;
using tests::FakeHost;

/// A client whose data channel is up and who is in room 1234.
struct Member {
  explicit Member(FakeHost& fake) : host(fake), handle(fake.attach()) {
    host.message(handle, Json::object({{"request", "setup"}}));
    host.answer(handle, Json::object({{"request", "ack"}}));
    host.media_up(handle);
    host.data_up(handle);
    ask(Json::object({{"textroom", "join"}, {"room", 1234}, {"username", "me"}})
            .set("transaction", "t"));
  }
  void send(const std::string& text) const {
    host.data(handle, {"JanusDataChannel", {}, false, text});
  }
  std::vector<Json> heard() const {
    std::vector<Json> out;
    for (const DataSent& each : host.take_data(handle)) {
      const auto parsed = Json::parse(each.payload);
      assert_true(parsed.ok());
      out.push_back(*parsed);
    }
    return out;
  }
  /// The answer, which must be one.
  Json ask(const Json& message) const {
    heard();
    send(message.dump());
    for (const Json& each : heard()) {
      if (each["transaction"].as_text() == "t") {
        return each;
      }
    }
    fail_msg("no answer to %s", message.dump().c_str());
    return Json();
  }

  FakeHost& host;
  cardea_handle_t handle;
};

Json unlimited() {
  return Json::object({{"general", Json::object({{"messages_per_second", 100'000}})}});
}

std::vector<Json> wrong_values(const cardea_param_t& param) {
  const std::vector<Json> candidates{
      true, -1, 1.5, "x", Json::array(), Json::object(), Json::parse("[null]")->at(0)};
  std::vector<Json> out;
  for (const Json& value : candidates) {
    if (!sdk::detail::type_fits(param, value)) {
      out.push_back(value);
    }
  }
  if (param.type == CARDEA_PARAM_STRING && param.max > 0) {
    out.emplace_back(std::string(static_cast<std::size_t>(param.max) + 1, 'x'));
  }
  if (param.type == CARDEA_PARAM_INT && param.max > 0) {
    out.emplace_back(static_cast<long>(param.max + 1));
  }
  return out;
}

Json sample(const cardea_param_t& param) {
  return param.type == CARDEA_PARAM_ID ? Json(1234) : Json("x");
}

/// Only what is required, but for `without`.
Json message(const cardea_operation_t& operation, std::string_view without = {}) {
  Json out = Json::object({{"textroom", operation.name}, {"transaction", "t"}});
  for (const cardea_param_t& param : sdk::Params(operation.params, operation.param_count)) {
    if (param.required != 0 && param.name != without) {
      out.set(param.name, sample(param));
    }
  }
  return out;
}

void assert_refused(const Json& answer, int code, const char* member) {
  assert_true(answer["textroom"].as_text() == "error");
  assert_int_equal(answer["error_code"].as_int(), code);
  assert_true(answer["error"].text_or().find(member) != std::string::npos);
}

void every_fault_of_every_request_is_answered_with_number_and_text(void**) {
  FakeHost host(MODULE_PATH, unlimited());
  const Member me(host);
  int faults = 0;
  for (const cardea_operation_t& operation : textroom::requests::kDeclared) {
    for (const cardea_param_t& param : sdk::Params(operation.params, operation.param_count)) {
      for (const Json& wrong : wrong_values(param)) {
        assert_refused(me.ask(message(operation).set(param.name, wrong)), 414, param.name);
        ++faults;
      }
      if (param.required != 0) {
        assert_refused(me.ask(message(operation, param.name)), 413, param.name);
        ++faults;
      }
    }
  }
  assert_true(faults > 100);
}

void texts_that_are_no_requests_harm_nobody(void**) {
  FakeHost host(MODULE_PATH, unlimited());
  const Member me(host);
  std::string deep(100'000, '[');
  std::string wide = R"({"textroom":"list","transaction":"t","x":[0)";
  for (int i = 0; i < 5000; ++i) {
    wide += ",0";
  }
  const std::vector<std::string> texts{
      "",
      " ",
      "x",
      "{",
      "[]",
      "null",
      "{}",
      deep,
      wide + "]}",
      R"({"textroom":5,"transaction":"t"})",
      R"({"textroom":"list","transaction":5})",
      R"({"textroom":"list","textroom":"list","transaction":"t"})",
      R"({"textroom":"list","transaction":"t","x":1e999})",
      R"({"textroom":"list","transaction":"t","x":9223372036854775808})",
      "{\"textroom\":\"li\x80st\",\"transaction\":\"t\"}",
      std::string("{\"textroom\":\0\"list\"}", 20),
      R"({"textroom":"fly","transaction":"t"})",
  };
  for (const std::string& text : texts) {
    me.send(text);
    for (const Json& each : me.heard()) {
      assert_true(each["textroom"].as_text() == "error");
      assert_true(each["error_code"].as_int() >= 400);
      assert_true(!each["error"].as_text().empty());
    }
  }
  const Json list = me.ask(Json::object({{"textroom", "list"}, {"transaction", "t"}}));
  assert_true(list["textroom"].as_text() == "success");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_fault_of_every_request_is_answered_with_number_and_text),
      cmocka_unit_test(texts_that_are_no_requests_harm_nobody),
  };
  return cmocka_run_group_tests_name("plugins/textroom/channel", tests, nullptr, nullptr);
}
