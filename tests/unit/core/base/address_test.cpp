// Parsing, printing and comparing of addresses.
#include "core/base/address.hpp"

#include <string>

#include "tests/support/cmocka.hpp"

using cardea::Address;

namespace {

void numeric_addresses_parse_and_print(void**) {
  struct Row {
    const char* ip;
    const char* text;
    bool v4;
    bool loopback;
  };
  const Row rows[] = {
      {"127.0.0.1", "127.0.0.1:7", true, true},
      {"127.9.9.9", "127.9.9.9:7", true, true},
      {"192.0.2.1", "192.0.2.1:7", true, false},
      {"::1", "[::1]:7", false, true},
      {"2001:db8::1", "[2001:db8::1]:7", false, false},
      {"::ffff:192.0.2.1", "192.0.2.1:7", true, false},
  };
  for (const Row& row : rows) {
    const auto address = Address::parse(row.ip, 7);
    assert_true(address.ok());
    assert_string_equal(address->to_string().c_str(), row.text);
    assert_int_equal(address->is_v4(), row.v4);
    assert_int_equal(address->is_loopback(), row.loopback);
    assert_int_equal(address->port(), 7);
  }
}

void names_and_garbage_are_errors(void**) {
  for (const char* ip : {"localhost", "", "1.2.3", "1.2.3.4.5", "256.0.0.1", ":::", "[::1]"}) {
    assert_false(Address::parse(ip, 1).ok());
  }
}

void socket_addresses_go_there_and_back(void**) {
  for (const char* ip : {"192.0.2.1", "2001:db8::1"}) {
    const Address address = *Address::parse(ip, 65535);
    sockaddr_storage storage{};
    const socklen_t size = address.to_sockaddr(storage);
    assert_true(Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage), size) ==
                address);
    assert_true(Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage), 4).empty());
  }
  sockaddr unknown{};
  unknown.sa_family = AF_UNIX;
  assert_true(Address::from_sockaddr(&unknown, sizeof unknown).empty());
}

void a_mapped_client_has_the_same_form_as_its_ipv4_self(void**) {
  const Address mapped = *Address::parse("::ffff:192.0.2.1", 5);
  const Address plain = *Address::parse("192.0.2.1", 5);
  assert_true(mapped == plain);
  assert_int_equal(mapped.hash(), plain.hash());
  assert_false(plain == *Address::parse("192.0.2.1", 6));
  assert_int_not_equal(plain.hash(), Address::parse("192.0.2.1", 6)->hash());
}

void an_empty_address_says_so(void**) {
  assert_true(Address().empty());
  assert_string_equal(Address().ip().c_str(), "");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(numeric_addresses_parse_and_print),
      cmocka_unit_test(names_and_garbage_are_errors),
      cmocka_unit_test(socket_addresses_go_there_and_back),
      cmocka_unit_test(a_mapped_client_has_the_same_form_as_its_ipv4_self),
      cmocka_unit_test(an_empty_address_says_so),
  };
  return cmocka_run_group_tests_name("base/address", tests, nullptr, nullptr);
}
