// What transports answer to query_transport: Janus's numbers.
#include <cardea/sdk/transport_query.hpp>

#include "tests/support/cmocka.hpp"

using namespace cardea;  // NOLINT(google-build-using-namespace): a test

namespace {

Json ask(const char* request) { return *Json::parse(sdk::answer_transport_query(request, 7)); }

void connections_are_counted(void**) {
  const Json answer = ask(R"({"request":"connections"})");
  assert_int_equal(answer["result"].as_int(), 200);
  assert_int_equal(answer["connections"].as_int(), 7);
}

void only_what_is_so_can_be_configured(void**) {
  assert_int_equal(ask(R"({"request":"configure","json":"compact"})")["result"].as_int(), 200);
  assert_int_equal(ask(R"({"request":"configure","json":"plain"})")["error_code"].as_int(), 413);
}

void bad_requests_have_their_numbers(void**) {
  assert_int_equal(ask("{}")["error_code"].as_int(), 412);
  assert_int_equal(ask(R"({"request":1})")["error_code"].as_int(), 413);
  assert_int_equal(ask(R"({"request":"x"})")["error_code"].as_int(), 411);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(connections_are_counted),
      cmocka_unit_test(only_what_is_so_can_be_configured),
      cmocka_unit_test(bad_requests_have_their_numbers),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
