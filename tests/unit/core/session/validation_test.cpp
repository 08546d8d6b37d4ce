// Bodies held against a declaration: which fault is found, and how it is named.
#include "core/session/validation.hpp"

#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::session;
using namespace cardea::session::test;

namespace {

struct Row {
  const char* body;
  int code;          ///< 0: fits
  const char* text;  ///< of the error
};

constexpr Row kRows[] = {
    {R"({"room":1})", 0, ""},
    {R"({"room":9007199254740991,"undeclared":[]})", 0, ""},
    {R"({})", 429, "Missing mandatory element (room)"},
    {R"({"room":"x"})", 430, "Invalid element type (room should be a positive integer)"},
    {R"({"room":0})", 430, "Invalid element type (room should be a positive integer)"},
    {R"({"room":-1})", 430, "Invalid element type (room should be a positive integer)"},
    {R"({"room":1.5})", 430, "Invalid element type (room should be a positive integer)"},
    {R"({"room":null})", 430, "Invalid element type (room should be a positive integer)"},
    {R"({"room":9007199254740992})", 430,
     "Invalid element type (room should be a positive integer)"},
    {R"({"room":1,"display":3})", 430, "Invalid element type (display should be a string)"},
    {R"({"room":1,"display":"sixteen bytes ok"})", 0, ""},
    {R"({"room":1,"display":"seventeen bytes!!"})", 430,
     "Invalid element (display should have at most 16 bytes)"},
    {R"({"room":1,"bitrate":-1})", 430,
     "Invalid element type (bitrate should be a positive integer)"},
    {R"({"room":1,"bitrate":1000})", 0, ""},
    {R"({"room":1,"bitrate":1001})", 430, "Invalid element (bitrate should be between 0 and 1000)"},
    {R"({"room":1,"offset":-5})", 0, ""},
    {R"({"room":1,"offset":-6})", 430, "Invalid element (offset should be between -5 and 5)"},
    {R"({"room":1,"offset":"1"})", 430, "Invalid element type (offset should be an integer)"},
    {R"({"room":1,"audio":1})", 430, "Invalid element type (audio should be a boolean)"},
    {R"({"room":1,"name":"abcd"})", 0, ""},
    {R"({"room":1,"name":7})", 0, ""},
    {R"({"room":1,"name":"abcde"})", 430, "Invalid element (name should have at most 4 bytes)"},
    {R"({"room":1,"name":true})", 430,
     "Invalid element type (name should be a positive integer or a string)"},
    {R"({"room":1,"extra":[]})", 430, "Invalid element type (extra should be an object)"},
    {R"({"room":1,"extra":{}})", 429, "Missing mandatory element (feed)"},
    {R"({"room":1,"extra":{"feed":1}})", 0, ""},
    {R"({"room":1,"streams":3})", 430, "Invalid element type (streams should be an array)"},
    {R"({"room":1,"streams":[]})", 0, ""},
    {R"({"room":1,"streams":[3]})", 430,
     "Invalid element type (streams should be an array of objects)"},
    {R"({"room":1,"streams":[{"feed":1},{"mid":"0"}]})", 429, "Missing mandatory element (feed)"},
    {R"({"room":1,"streams":[{"feed":1,"mid":0}]})", 430,
     "Invalid element type (mid should be a string)"},
    {R"({"room":1,"streams":[{"feed":1},{"feed":1},{"feed":1}]})", 430,
     "Invalid element (streams should have at most 2 elements)"},
};

void each_fault_is_found_and_named(void** state) {
  const FeatureInfo& info = bench(state).feature.info();
  const cardea_operation_t& join = kOperations[1];
  for (const Row& row : kRows) {
    const auto checked = check_parameters(join, info.codes, *Json::parse(row.body));
    const int code = checked ? 0 : checked.error().code;
    const std::string text = checked ? "" : checked.error().message;
    if (code != row.code || text != row.text) {
      fail_msg("%s: %d %s", row.body, code, text.c_str());
    }
  }
}

void a_role_of_its_own_goes_before_an_operation_for_any_role(void** state) {
  FeatureInfo info = bench(state).feature.info();
  const cardea_operation_t operations[] = {
      {"x", nullptr, 1, CARDEA_ACCESS_ANYONE, nullptr, 0, "any"},
      {"x", "publisher", 0, CARDEA_ACCESS_ANYONE, nullptr, 0, "publisher's"},
  };
  info.operations = operations;
  const Json body = Json::object({{"request", "x"}});
  assert_ptr_equal(find_operation(info, "", body).operation, &operations[0]);
  assert_ptr_equal(find_operation(info, "publisher", body).operation, &operations[1]);
  assert_ptr_equal(find_operation(info, "subscriber", body).operation, &operations[0]);
}

void a_feature_without_declarations_takes_everything(void** state) {
  FeatureInfo info = bench(state).feature.info();
  info.operations = {};
  const FoundOperation found = find_operation(info, "", Json::object());
  assert_null(found.operation);
  assert_false(found.error.has_value());
}

}  // namespace

int main() {
#define CARDEA_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const CMUnitTest tests[] = {
      CARDEA_CASE(each_fault_is_found_and_named),
      CARDEA_CASE(a_role_of_its_own_goes_before_an_operation_for_any_role),
      CARDEA_CASE(a_feature_without_declarations_takes_everything),
  };
  return cmocka_run_group_tests_name("session/validation", tests, nullptr, nullptr);
}
