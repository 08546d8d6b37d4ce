// The retransmission cache and the pool under it.
#include "core/peer/rtx_cache.hpp"

#include <cstring>

#include "core/base/packet_pool.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::peer;
using namespace std::chrono_literals;

namespace {

constexpr Time kStart{1'000'000us};

void store(RtxCache& cache, PacketPool& pool, std::uint64_t seq, Time now) {
  PacketRef buffer = pool.take();
  const MutableBytes bytes = buffer.space().first(40);
  std::memset(bytes.data(), 0, bytes.size());
  bytes[0] = 0x80;
  store_u16(bytes.data() + 2, static_cast<std::uint16_t>(seq));
  cache.store(seq, buffer, *rtp::Packet::parse(bytes), now);
}

}  // namespace

static void a_stored_packet_is_found_by_its_number(void**) {
  PacketPool pool(64);
  RtxCache cache(8);
  store(cache, pool, 70'000, kStart);
  const rtp::Packet* found = cache.find(70'000);
  assert_non_null(found);
  assert_int_equal(found->seq(), 70'000 - 65'536);
  assert_null(cache.find(70'008));
  assert_null(cache.find(69'999));
}

static void the_bound_pushes_out_the_oldest(void**) {
  PacketPool pool(64);
  RtxCache cache(8);
  for (std::uint64_t seq = 100; seq < 120; ++seq) {
    store(cache, pool, seq, kStart);
  }
  assert_int_equal(cache.size(), 8);
  assert_int_equal(pool.in_use(), 8);
  assert_null(cache.find(111));
  assert_non_null(cache.find(112));
  assert_non_null(cache.find(119));
}

static void packets_leave_after_their_time(void**) {
  PacketPool pool(64);
  RtxCache cache(8);
  store(cache, pool, 1, kStart);
  store(cache, pool, 2, kStart + 600ms);
  cache.evict(kStart + RtxCache::kKeep);
  assert_non_null(cache.find(1));
  cache.evict(kStart + RtxCache::kKeep + 1ms);
  assert_null(cache.find(1));
  assert_non_null(cache.find(2));
  cache.clear();
  assert_null(cache.find(2));
  assert_int_equal(pool.in_use(), 0);
}

static void order_of_arrival_does_not_matter_to_find(void**) {
  PacketPool pool(64);
  RtxCache cache(16);
  for (const std::uint64_t seq : {10, 12, 11, 30, 13}) {
    store(cache, pool, seq, kStart);
  }
  for (const std::uint64_t seq : {10, 11, 12, 13, 30}) {
    assert_non_null(cache.find(seq));
  }
  assert_null(cache.find(14));
}

static void a_pool_gives_back_and_has_a_bound(void**) {
  PacketPool pool(64);
  {
    std::vector<PacketRef> held;
    for (int i = 0; i < 64; ++i) {
      held.push_back(pool.take());
      assert_true(static_cast<bool>(held.back()));
    }
    assert_int_equal(pool.available(), 0);
    assert_false(static_cast<bool>(pool.take()));
    const PacketRef second = held[0];
    assert_true(held[0].shared());
    held.clear();
    assert_false(second.shared());
    assert_int_equal(pool.in_use(), 1);
  }
  assert_int_equal(pool.available(), 64);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_stored_packet_is_found_by_its_number),
      cmocka_unit_test(the_bound_pushes_out_the_oldest),
      cmocka_unit_test(packets_leave_after_their_time),
      cmocka_unit_test(order_of_arrival_does_not_matter_to_find),
      cmocka_unit_test(a_pool_gives_back_and_has_a_bound),
  };
  return cmocka_run_group_tests_name("peer/rtx_cache", tests, nullptr, nullptr);
}
