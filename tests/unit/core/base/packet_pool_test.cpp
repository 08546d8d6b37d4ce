// Counting of references and the bound of the packet pool.
#include "core/base/packet_pool.hpp"

#include <algorithm>
#include <vector>

#include "tests/support/cmocka.hpp"

using cardea::PacketPool;
using cardea::PacketRef;

namespace {

void a_buffer_returns_when_its_last_reference_goes(void**) {
  PacketPool pool(64);
  PacketRef first = pool.take();
  assert_true(static_cast<bool>(first));
  assert_int_equal(first.space().size(), cardea::kPacketCapacity);
  assert_false(first.shared());
  PacketRef second = first;
  assert_true(first.shared());
  assert_int_equal(pool.in_use(), 1);
  first.reset();
  assert_int_equal(pool.in_use(), 1);
  assert_false(second.shared());
  const PacketRef third = std::move(second);
  assert_false(static_cast<bool>(second));  // NOLINT(bugprone-use-after-move): what is tested.
  assert_int_equal(pool.in_use(), 1);
}

void assigning_lets_the_old_buffer_go(void**) {
  PacketPool pool(64);
  PacketRef a = pool.take();
  PacketRef b = pool.take();
  assert_int_equal(pool.in_use(), 2);
  a = b;
  assert_int_equal(pool.in_use(), 1);
  PacketRef& self = a;
  a = self;
  assert_int_equal(pool.in_use(), 1);
  a = PacketRef();
  b = PacketRef();
  assert_int_equal(pool.in_use(), 0);
}

void an_exhausted_pool_gives_nothing_until_one_comes_back(void**) {
  PacketPool pool(100);
  std::vector<PacketRef> held;
  while (PacketRef next = pool.take()) {
    held.push_back(std::move(next));
  }
  assert_int_equal(held.size(), 128);
  assert_int_equal(pool.available(), 0);
  std::vector<const std::uint8_t*> places;
  for (const PacketRef& packet : held) {
    std::fill(packet.space().begin(), packet.space().end(), std::uint8_t{1});
    places.push_back(packet.space().data());
  }
  std::sort(places.begin(), places.end());
  assert_true(std::adjacent_find(places.begin(), places.end()) == places.end());
  held.pop_back();
  assert_true(static_cast<bool>(pool.take()));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_buffer_returns_when_its_last_reference_goes),
      cmocka_unit_test(assigning_lets_the_old_buffer_go),
      cmocka_unit_test(an_exhausted_pool_gives_nothing_until_one_comes_back),
  };
  return cmocka_run_group_tests_name("base/packet_pool", tests, nullptr, nullptr);
}
