// What list_operations says of a declaration; and what an error repeats of a client's text.
#include "core/session/declared.hpp"

#include <array>

#include <cardea/sdk/operation.hpp>
#include <cardea/sdk/text.hpp>

#include "core/base/utf8.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;  // NOLINT(google-build-using-namespace)
namespace param = sdk::param;

constexpr std::array kFields{param::required(param::text("mid", 16)), param::boolean("send")};
constexpr std::array kParams{
    param::required(param::id("room", "Which one")),
    param::integer("bitrate", -1, 1000),
    param::array("streams", 8, kFields),
    cardea_param_t{"level", CARDEA_PARAM_INT, 0, 0, 0, nullptr, 0, nullptr},
};

void a_parameter_tells_its_type_and_bounds(void**) {
  const Json told = session::parameters_json(kParams);
  assert_string_equal(
      told.dump().c_str(),
      R"([{"name":"room","type":"id","required":true,"minimum":1,"maximum":9007199254740991,)"
      R"("help":"Which one"},)"
      R"({"name":"bitrate","type":"integer","required":false,"minimum":-1,"maximum":1000},)"
      R"({"name":"streams","type":"array","required":false,"maximum":8,"fields":[)"
      R"({"name":"mid","type":"string","required":true,"maximum":16},)"
      R"({"name":"send","type":"boolean","required":false}]},)"
      R"({"name":"level","type":"integer","required":false,"minimum":0}])");
}

void a_feature_tells_its_operations_with_role_and_access(void**) {
  constexpr std::array<cardea_operation_t, 2> kOperations{
      cardea_operation_t{"join", nullptr, 0, CARDEA_ACCESS_ENTER, kParams.data(), 1, "Enters"},
      cardea_operation_t{"leave", "member", 1, CARDEA_ACCESS_ANYONE, nullptr, 0, ""},
  };
  session::FeatureInfo feature;
  feature.id = "cardea.plugin.test";
  feature.aliases = {"janus.plugin.test"};
  feature.event_key = "test";
  feature.operations = kOperations;
  const Json told = session::feature_operations_json(feature);
  assert_string_equal(told["aliases"].at(0).text_or().c_str(), "janus.plugin.test");
  const Json join = told["operations"].at(0);
  assert_string_equal(join["access"].text_or().c_str(), "enter");
  assert_false(join["synchronous"].as_bool());
  assert_false(join.has("role"));
  assert_int_equal(join["parameters"].size(), 1);
  const Json leave = told["operations"].at(1);
  assert_string_equal(leave["role"].text_or().c_str(), "member");
  assert_true(leave["synchronous"].as_bool());
  assert_int_equal(leave["parameters"].size(), 0);
}

void an_error_repeats_little_of_a_text_and_cuts_no_character(void**) {
  assert_string_equal(sdk::echoed("short").c_str(), "short");
  assert_string_equal(sdk::echoed(std::string(64, 'x')).c_str(), std::string(64, 'x').c_str());
  assert_string_equal(sdk::echoed(std::string(65, 'x')).c_str(),
                      (std::string(64, 'x') + "...").c_str());
  std::string wide = "x";
  for (int i = 0; i < 40; ++i) {
    wide += "\xC3\xBC";
  }
  const std::string cut = sdk::echoed(wide);
  assert_true(is_utf8(cut));
  assert_int_equal(cut.size(), 63 + 3);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_parameter_tells_its_type_and_bounds),
      cmocka_unit_test(a_feature_tells_its_operations_with_role_and_access),
      cmocka_unit_test(an_error_repeats_little_of_a_text_and_cuts_no_character),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
