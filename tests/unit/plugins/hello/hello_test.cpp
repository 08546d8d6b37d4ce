// The example for third parties answers as its text says.
#include "tests/support/cmocka.hpp"
#include "tests/support/fake_host.hpp"

namespace {

using namespace cardea;
using tests::FakeHost;

void greets_by_name_and_counts(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  const auto first = host.message(handle, Json::object({{"request", "greet"}, {"name", "Ada"}}));
  assert_true(first.synchronous);
  assert_string_equal(first.body["text"].text_or().c_str(), "Hello, Ada!");
  const auto second = host.message(handle, Json::object({{"request", "greet"}}));
  assert_string_equal(second.body["text"].text_or().c_str(), "Hello, world!");
  assert_int_equal(second.body["count"].as_int(), 2);
}

void refuses_a_name_of_another_type(void**) {
  FakeHost host(MODULE_PATH);
  const auto said = host.message(host.attach(), Json::object({{"request", "greet"}, {"name", 4}}));
  assert_int_equal(said.body["error_code"].as_int(), 400);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(greets_by_name_and_counts),
      cmocka_unit_test(refuses_a_name_of_another_type),
  };
  return cmocka_run_group_tests_name("plugins/hello", tests, nullptr, nullptr);
}
