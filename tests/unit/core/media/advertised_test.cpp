// What clients are told, what is bound for it, and the candidates that go into descriptions.
#include "core/media/advertised.hpp"

#include <cstring>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;

namespace {

std::vector<Address> addresses(const std::vector<std::string>& list) {
  std::vector<Address> out;
  for (const std::string& text : list) {
    out.push_back(*Address::parse(text, 0));
  }
  return out;
}

std::string bound(const std::vector<std::string>& given, const std::vector<std::string>& ours) {
  const auto binds = binds_for(given, addresses(ours), 7);
  std::string text;
  for (const Address& bind : *binds) {
    text += bind.to_string() + " ";
  }
  return text;
}

std::string told(const std::vector<std::string>& configured, const NatOptions& nat) {
  const auto advertised = advertised_addresses(configured, nat);
  std::string text = advertised ? "" : advertised.error().message;
  for (const Address& address : advertised ? advertised->told : std::vector<Address>()) {
    text += address.ip() + " ";
  }
  return text;
}

}  // namespace

static void candidates_come_in_the_order_of_addresses_and_tcp_behind_udp(void**) {
  const auto udp = candidates_for(addresses({"127.0.0.1"}), 10'000, 0);
  assert_int_equal(udp.size(), 1);
  assert_string_equal(udp[0].c_str(), "1 1 udp 2130706431 127.0.0.1 10000 typ host");
  const auto both = candidates_for(addresses({"192.0.2.7", "2001:db8::1"}), 9, 443);
  assert_int_equal(both.size(), 4);
  assert_string_equal(both[0].c_str(), "1 1 udp 2130706431 192.0.2.7 9 typ host");
  assert_string_equal(both[1].c_str(), "2 1 udp 2130706175 2001:db8::1 9 typ host");
  assert_string_equal(both[2].c_str(), "3 1 tcp 1520435199 192.0.2.7 443 typ host tcptype passive");
  assert_string_equal(both[3].c_str(),
                      "4 1 tcp 1520434943 2001:db8::1 443 typ host tcptype passive");
}

static void each_family_is_bound(void**) {
  assert_string_equal(bound({}, {"127.0.0.1"}).c_str(), "127.0.0.1:7 ");
  assert_string_equal(bound({}, {"127.0.0.1", "::1"}).c_str(), "127.0.0.1:7 [::1]:7 ");
  assert_string_equal(bound({}, {"192.0.2.7", "192.0.2.8"}).c_str(), "0.0.0.0:7 ");
  assert_string_equal(bound({}, {"2001:db8::1", "127.0.0.1"}).c_str(), "[::]:7 127.0.0.1:7 ");
  assert_string_equal(bound({}, {"127.0.0.1", "192.0.2.8"}).c_str(), "0.0.0.0:7 ");
  assert_string_equal(bound({"192.0.2.9"}, {"203.0.113.1", "2001:db8::1"}).c_str(),
                      "192.0.2.9:7 [::]:7 ");
  assert_false(binds_for({}, {}, 7).ok());
  assert_false(binds_for({"eth0"}, addresses({"127.0.0.1"}), 7).ok());
}

static void a_mapping_takes_the_place_of_private_addresses(void**) {
  NatOptions nat;
  nat.mapping = {"203.0.113.1"};
  assert_string_equal(told({"10.0.0.5", "2001:db8::1"}, nat).c_str(), "203.0.113.1 2001:db8::1 ");
  nat.keep_private_host = true;
  assert_string_equal(told({"10.0.0.5"}, nat).c_str(), "203.0.113.1 10.0.0.5 ");
  const auto both = advertised_addresses({"10.0.0.5"}, nat);
  assert_int_equal(both->ours.size(), 1);
  assert_string_equal(both->ours[0].ip().c_str(), "10.0.0.5");
  // What would only be told, and never heard.
  assert_non_null(std::strstr(told({"127.0.0.1"}, nat).c_str(), "nat_1_1_mapping 203.0.113.1"));
  assert_non_null(std::strstr(told({"2001:db8::1"}, nat).c_str(), "nat_1_1_mapping 203.0.113.1"));
  nat.mapping = {"example.org"};
  assert_non_null(std::strstr(told({"10.0.0.5"}, nat).c_str(), "example.org"));
  assert_non_null(std::strstr(told({"eth0"}, {}).c_str(), "\"eth0\""));
}

static void interfaces_are_enforced_or_ignored_by_beginnings(void**) {
  InterfaceLists lists;
  assert_true(lists.allow("eth0", "192.0.2.1"));
  lists.ignore = {"vmnet", "10.0.0."};
  assert_false(lists.allow("vmnet8", "192.0.2.1"));
  assert_false(lists.allow("eth0", "10.0.0.7"));
  assert_true(lists.allow("eth0", "10.0.1.7"));
  lists.enforce = {"eth1", "10."};
  assert_true(lists.allow("eth1", "192.0.2.1"));
  assert_true(lists.allow("vmnet8", "10.0.0.7"));
  assert_false(lists.allow("eth0", "192.0.2.1"));
}

static void auto_finds_the_interfaces_that_are_allowed(void**) {
  const auto all = interface_addresses({});
  assert_false(all.empty());
  for (const Address& address : all) {
    assert_false(address.is_wildcard());
  }
  assert_string_equal(told({"auto"}, {}).c_str(),
                      told({all[0].ip(), "auto"}, {}).c_str() + all[0].ip().size() + 1);
  NatOptions nat;
  nat.interfaces.enforce = {"no such interface"};
  assert_string_equal(told({"auto"}, nat).c_str(), "");
  nat.interfaces.enforce = {"lo"};
  assert_string_equal(told({"auto"}, nat).substr(0, 9).c_str(), "127.0.0.1");
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(candidates_come_in_the_order_of_addresses_and_tcp_behind_udp),
      cmocka_unit_test(each_family_is_bound),
      cmocka_unit_test(a_mapping_takes_the_place_of_private_addresses),
      cmocka_unit_test(interfaces_are_enforced_or_ignored_by_beginnings),
      cmocka_unit_test(auto_finds_the_interfaces_that_are_allowed),
  };
  return cmocka_run_group_tests_name("media/advertised", tests, nullptr, nullptr);
}
