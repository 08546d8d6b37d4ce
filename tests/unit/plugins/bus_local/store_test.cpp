// Keys of the local bus on a clock of the test's own.
#include "plugins/bus_local/store.hpp"

#include "tests/support/cmocka.hpp"

using cardea::bus_local::Store;
using cardea::sdk::BusOrder;
using Kind = cardea::sdk::BusOrder::Kind;

namespace {

constexpr Store::Time kStart{std::chrono::hours(1)};
constexpr Store::Time at(int ms) { return kStart + std::chrono::milliseconds(ms); }

cardea::sdk::BusInbox::Answer ask(Store& store, Kind kind, const char* key, Store::Time now,
                                  std::int64_t amount = 0, std::int64_t ttl_ms = 0) {
  return store.perform({kind, key, "value", amount, ttl_ms}, now, {});
}

void a_key_ends_at_its_time_and_not_before(void**) {
  Store store(10);
  assert_int_equal(ask(store, Kind::Set, "k", at(0), 0, 100).status, CARDEA_BUS_OK);
  const auto last = ask(store, Kind::Get, "k", at(99));
  assert_int_equal(last.status, CARDEA_BUS_OK);
  assert_int_equal(last.ttl_ms, 1);
  assert_int_equal(ask(store, Kind::Get, "k", at(100)).status, CARDEA_BUS_ABSENT);
}

void a_key_that_is_set_again_has_the_new_end_only(void**) {
  Store store(10);
  ask(store, Kind::Set, "k", at(0), 0, 100);
  ask(store, Kind::Set, "k", at(50));
  assert_int_equal(ask(store, Kind::Get, "k", at(1'000'000)).ttl_ms, -1);
  ask(store, Kind::Set, "k", at(1'000'000), 0, 10);
  assert_int_equal(ask(store, Kind::Get, "k", at(1'000'010)).status, CARDEA_BUS_ABSENT);
}

void a_counter_keeps_its_first_end(void**) {
  Store store(10);
  assert_int_equal(ask(store, Kind::Add, "n", at(0), 3, 100).number, 3);
  const auto second = ask(store, Kind::Add, "n", at(90), 4, 100);
  assert_int_equal(second.number, 7);
  assert_int_equal(second.ttl_ms, 10);
  assert_int_equal(ask(store, Kind::Add, "n", at(100), 5, 100).number, 5);
}

void a_full_store_takes_a_key_when_another_has_ended(void**) {
  Store store(2);
  ask(store, Kind::Set, "a", at(0));
  ask(store, Kind::Set, "b", at(0), 0, 50);
  assert_int_equal(ask(store, Kind::SetIfAbsent, "c", at(49)).status, CARDEA_BUS_UNAVAILABLE);
  assert_int_equal(ask(store, Kind::Add, "c", at(49)).status, CARDEA_BUS_UNAVAILABLE);
  assert_int_equal(ask(store, Kind::SetIfAbsent, "c", at(50)).status, CARDEA_BUS_OK);
  assert_int_equal(ask(store, Kind::Get, "a", at(50)).status, CARDEA_BUS_OK);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_key_ends_at_its_time_and_not_before),
      cmocka_unit_test(a_key_that_is_set_again_has_the_new_end_only),
      cmocka_unit_test(a_counter_keeps_its_first_end),
      cmocka_unit_test(a_full_store_takes_a_key_when_another_has_ended),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
