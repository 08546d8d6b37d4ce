// Lists of addresses, and the client behind proxies (threat S18).
#include <cardea/sdk/address_list.hpp>

#include "tests/support/cmocka.hpp"

namespace {

using cardea::sdk::AddressList;
using cardea::sdk::client_address;

AddressList list(const std::vector<std::string>& words) { return *AddressList::parse(words); }

void addresses_networks_and_beginnings_are_found(void**) {
  const AddressList some =
      list({"192.0.2.7", "10.0.0.0/8", "172.16.0.0/12", "fd00::/8", "2001:db8::1", "192.168.0."});
  for (const char* in : {"192.0.2.7", "10.255.0.1", "172.31.255.255", "fd12::1", "2001:db8::1",
                         "192.168.0.200", "::ffff:10.1.2.3"}) {
    assert_true(some.contains(in));
  }
  for (const char* out : {"192.0.2.8", "11.0.0.1", "172.32.0.0", "fe00::1", "2001:db8::2",
                          "192.168.1.1", "unknown", "", "10.0.0.1:80"}) {
    assert_false(some.contains(out));
  }
  assert_true(list({"0.0.0.0/0"}).contains("203.0.113.9"));
  assert_false(list({"0.0.0.0/0"}).contains("2001:db8::1"));
  assert_true(AddressList().empty());
}

void what_is_no_address_is_refused(void**) {
  for (const char* word : {"example.org", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "fd00::/129",
                           "300.1.1.1", "10.0"}) {
    assert_false(AddressList::parse({word}).ok());
  }
}

void only_trusted_proxies_are_believed_and_only_the_last_stranger_counts(void**) {
  const AddressList trusted = list({"127.0.0.1", "10.0.0.0/8"});
  assert_string_equal(client_address("203.0.113.1", "192.0.2.1", trusted).c_str(), "203.0.113.1");
  assert_string_equal(client_address("127.0.0.1", "192.0.2.1", trusted).c_str(), "192.0.2.1");
  assert_string_equal(client_address("127.0.0.1", "6.6.6.6, 192.0.2.1 , 10.0.0.3", trusted).c_str(),
                      "192.0.2.1");
  assert_string_equal(client_address("127.0.0.1", "10.0.0.9", trusted).c_str(), "10.0.0.9");
  assert_string_equal(client_address("127.0.0.1", "evil\n, 10.0.0.9", trusted).c_str(), "10.0.0.9");
  assert_string_equal(client_address("127.0.0.1", "", trusted).c_str(), "127.0.0.1");
  assert_string_equal(client_address("127.0.0.1", "192.0.2.1", {}).c_str(), "127.0.0.1");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(addresses_networks_and_beginnings_are_found),
      cmocka_unit_test(what_is_no_address_is_refused),
      cmocka_unit_test(only_trusted_proxies_are_believed_and_only_the_last_stranger_counts),
  };
  return cmocka_run_group_tests_name("transports/address_list", tests, nullptr, nullptr);
}
