// The candidates that go into descriptions.
#include "core/media/advertised.hpp"

#include <cstring>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;

static void the_bind_address_is_the_candidate(void**) {
  const auto list = candidates_for({*Address::parse("127.0.0.1", 10'000)}, {}, 10'000, 0);
  assert_true(list.ok());
  assert_int_equal(list->size(), 1);
  assert_string_equal(list->at(0).c_str(), "1 1 udp 2130706431 127.0.0.1 10000 typ host");
}

static void given_addresses_come_in_their_order(void**) {
  const auto list =
      candidates_for({*Address::parse("0.0.0.0", 10'000)}, {"192.0.2.7", "2001:db8::1"}, 9, 0);
  assert_int_equal(list->size(), 2);
  assert_string_equal(list->at(0).c_str(), "1 1 udp 2130706431 192.0.2.7 9 typ host");
  assert_string_equal(list->at(1).c_str(), "2 1 udp 2130706175 2001:db8::1 9 typ host");
}

static void tcp_comes_behind_all_of_udp(void**) {
  const auto list =
      candidates_for({*Address::parse("0.0.0.0", 9)}, {"192.0.2.7", "2001:db8::1"}, 9, 443);
  assert_int_equal(list->size(), 4);
  assert_string_equal(list->at(2).c_str(),
                      "3 1 tcp 1520435199 192.0.2.7 443 typ host tcptype passive");
  assert_string_equal(list->at(3).c_str(),
                      "4 1 tcp 1520434943 2001:db8::1 443 typ host tcptype passive");
}

static void a_wildcard_finds_the_interfaces(void**) {
  const auto list = candidates_for({*Address::parse("0.0.0.0", 10'000)}, {}, 10'000, 0);
  assert_true(list.ok());
  assert_false(list->empty());
  assert_null(std::strstr(list->at(0).c_str(), "0.0.0.0"));
}

static std::string bound(const std::vector<std::string>& given,
                         const std::vector<std::string>& advertised) {
  const auto binds = binds_for(given, advertised, 7);
  std::string text;
  for (const Address& bind : *binds) {
    text += bind.to_string() + " ";
  }
  return text;
}

static void each_advertised_family_is_bound(void**) {
  assert_string_equal(bound({}, {"127.0.0.1"}).c_str(), "127.0.0.1:7 ");
  assert_string_equal(bound({}, {"127.0.0.1", "::1"}).c_str(), "127.0.0.1:7 [::1]:7 ");
  assert_string_equal(bound({}, {"192.0.2.7", "192.0.2.8"}).c_str(), "0.0.0.0:7 ");
  assert_string_equal(bound({}, {"2001:db8::1", "127.0.0.1"}).c_str(), "[::]:7 127.0.0.1:7 ");
  assert_string_equal(bound({}, {"127.0.0.1", "192.0.2.8"}).c_str(), "0.0.0.0:7 ");
  assert_string_equal(bound({"192.0.2.9"}, {"203.0.113.1", "2001:db8::1"}).c_str(),
                      "192.0.2.9:7 [::]:7 ");
  assert_false(binds_for({}, {}, 7).ok());
  assert_false(binds_for({"eth0"}, {"127.0.0.1"}, 7).ok());
}

static void a_name_is_refused(void**) {
  const auto list = candidates_for({*Address::parse("0.0.0.0", 1)}, {"example.org"}, 1, 0);
  assert_false(list.ok());
  assert_non_null(std::strstr(list.error().message.c_str(), "example.org"));
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_bind_address_is_the_candidate),
      cmocka_unit_test(given_addresses_come_in_their_order),
      cmocka_unit_test(tcp_comes_behind_all_of_udp),
      cmocka_unit_test(a_wildcard_finds_the_interfaces),
      cmocka_unit_test(each_advertised_family_is_bound),
      cmocka_unit_test(a_name_is_refused),
  };
  return cmocka_run_group_tests_name("media/advertised", tests, nullptr, nullptr);
}
