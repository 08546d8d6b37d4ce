// The parts of a URL of Redis.
#include "plugins/bus_redis/address.hpp"

#include "tests/support/cmocka.hpp"

using cardea::bus_redis::parse_address;

namespace {

void a_full_url_gives_all_its_parts(void**) {
  const auto address = parse_address("redis://me:p%40ss%3A%2Fword@cache.example.org:6380/15");
  assert_true(address.ok());
  assert_string_equal(address->host.c_str(), "cache.example.org");
  assert_int_equal(address->port, 6380);
  assert_string_equal(address->user.c_str(), "me");
  assert_string_equal(address->password.c_str(), "p@ss:/word");
  assert_int_equal(address->database, 15);
}

void what_is_missing_has_its_default(void**) {
  for (const char* url : {"redis://host", "redis://host/", "redis://host:6379/0?protocol=3"}) {
    const auto address = parse_address(url);
    assert_true(address.ok());
    assert_string_equal(address->host.c_str(), "host");
    assert_int_equal(address->port, 6379);
    assert_int_equal(address->database, 0);
    assert_true(address->user.empty() && address->password.empty());
  }
}

void an_ipv6_address_stands_in_brackets(void**) {
  const auto address = parse_address("redis://:secret@[2001:db8::1]:6380");
  assert_true(address.ok());
  assert_string_equal(address->host.c_str(), "2001:db8::1");
  assert_int_equal(address->port, 6380);
  assert_string_equal(address->password.c_str(), "secret");
}

void what_is_no_url_is_refused_without_being_repeated(void**) {
  for (const char* url :
       {"", "redis:", "redis://", "redis://:6379", "redis://h:0", "redis://h:65536", "redis://h:x",
        "redis://h/x", "redis://h/-1", "redis://a:%4@h", "redis://a:%zz@h", "redis://[::1",
        "rediss://h", "http://h"}) {
    const auto address = parse_address(url);
    assert_false(address.ok());
    assert_string_equal(address.error().message.c_str(),
                        "wants redis://USER:PASSWORD@HOST:PORT/NUMBER");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_full_url_gives_all_its_parts),
      cmocka_unit_test(what_is_missing_has_its_default),
      cmocka_unit_test(an_ipv6_address_stands_in_brackets),
      cmocka_unit_test(what_is_no_url_is_refused_without_being_repeated),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
