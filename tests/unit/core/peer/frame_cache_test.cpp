// The last key frame and what followed it.
#include "core/peer/frame_cache.hpp"

#include <cstring>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::peer;
using namespace std::chrono_literals;

namespace {

constexpr Time kStart{1'000'000us};

struct Feed {
  void store(std::uint64_t seq, std::uint32_t timestamp, bool keyframe = false, Time now = kStart,
             std::uint32_t epoch = 1) {
    PacketRef buffer = pool.take();
    const MutableBytes bytes = buffer.space().first(size);
    std::memset(bytes.data(), 0, bytes.size());
    bytes[0] = 0x80;
    store_u16(bytes.data() + 2, static_cast<std::uint16_t>(seq));
    store_u32(bytes.data() + 4, timestamp);
    SourcePacket packet{*rtp::Packet::parse(bytes)};
    packet.seq = seq;
    packet.epoch = epoch;
    packet.frame.keyframe = keyframe;
    packet.keyframe = keyframe;
    packet.repaired = repaired;
    cache.store(packet, buffer, now);
  }
  [[nodiscard]] std::vector<std::uint64_t> seqs() const {
    std::vector<std::uint64_t> out;
    for (const auto& held : cache.packets()) {
      out.push_back(held.packet.seq);
    }
    return out;
  }

  std::size_t size = 1200;
  bool repaired = false;
  PacketPool pool{1024};
  FrameCache cache;
};

using Seqs = std::vector<std::uint64_t>;

}  // namespace

static void nothing_is_kept_before_a_key_frame(void**) {
  Feed feed;
  feed.store(0, 90);
  feed.store(1, 100);
  assert_true(feed.cache.packets().empty());
  // But for the latest picture, which may turn out to be a key frame.
  assert_int_equal(feed.pool.in_use(), 1);
  feed.store(2, 200, true);
  assert_int_equal(feed.pool.in_use(), 1);
  feed.store(3, 200);
  feed.store(4, 300);
  assert_true(feed.seqs() == Seqs({2, 3, 4}));
}

static void a_new_key_frame_takes_the_place_of_the_old_one(void**) {
  Feed feed;
  feed.store(2, 200, true);
  feed.store(3, 300);
  feed.store(4, 400, true);
  assert_true(feed.seqs() == Seqs({4}));
  assert_int_equal(feed.pool.in_use(), 1);
}

static void parameter_sets_and_slices_are_one_key_frame(void**) {
  Feed feed;
  feed.store(10, 200, true);
  feed.store(11, 200, true);
  feed.store(12, 200);
  assert_true(feed.seqs() == Seqs({10, 11, 12}));
  // Also when they come the other way round.
  feed.store(21, 300, true);
  feed.store(20, 300, true);
  assert_true(feed.seqs() == Seqs({20, 21}));
}

static void packets_out_of_order_find_their_place(void**) {
  Feed feed;
  feed.store(2, 200, true);
  feed.store(5, 300);
  feed.repaired = true;
  feed.store(4, 300);
  feed.store(3, 200);
  feed.store(3, 200);
  assert_true(feed.seqs() == Seqs({2, 3, 4, 5}));
  assert_false(feed.cache.packets()[1].packet.repaired);
  // Older than the key frame.
  feed.store(1, 100);
  feed.store(1, 100, true);
  assert_int_equal(feed.cache.packets().size(), 4);
}

static void what_overtakes_a_key_frame_stays_with_it(void**) {
  Feed feed;
  feed.store(2, 200, true);
  feed.store(3, 300);
  feed.store(5, 400);
  feed.store(4, 400, true);
  assert_true(feed.seqs() == Seqs({4, 5}));
}

static void what_overtakes_a_key_frame_is_not_lost_when_nothing_was_kept(void**) {
  Feed feed;
  feed.store(1, 100, true);
  const Time late = kStart + FrameCache::kKeep + 1ms;
  feed.store(2, 200, false, late);
  feed.store(4, 300, false, late);
  feed.store(5, 300, false, late);
  feed.store(3, 300, true, late);
  assert_true(feed.seqs() == Seqs({3, 4, 5}));
}

static void another_stream_begins_anew(void**) {
  Feed feed;
  feed.store(2, 200, true);
  feed.store(1000, 300, false, kStart, 2);
  assert_true(feed.seqs() == Seqs({2}));
  feed.store(1001, 400, true, kStart, 2);
  assert_true(feed.seqs() == Seqs({1001}));
}

static void it_lets_go_of_all_beyond_its_bounds(void**) {
  Feed feed;
  feed.store(1, 100, true);
  feed.store(2, 200, false, kStart + FrameCache::kKeep);
  assert_int_equal(feed.cache.packets().size(), 2);
  feed.store(3, 300, false, kStart + FrameCache::kKeep + 1ms);
  assert_true(feed.cache.packets().empty());
  feed.store(4, 300);
  assert_true(feed.cache.packets().empty());

  const std::size_t fit = FrameCache::kMaxBytes / feed.size;
  for (std::uint64_t seq = 0; seq < fit; ++seq) {
    feed.store(100 + seq, 1000 + static_cast<std::uint32_t>(seq), seq == 0);
  }
  assert_int_equal(feed.cache.packets().size(), fit);
  feed.store(100 + fit, 5000);
  assert_true(feed.cache.packets().empty());
  assert_int_equal(feed.pool.in_use(), 0);
}

static void packets_are_found_by_number(void**) {
  Feed feed;
  feed.store(10, 100, true);
  feed.store(12, 200);
  assert_non_null(feed.cache.find(12));
  assert_null(feed.cache.find(11));
  assert_null(feed.cache.find(13));
  assert_int_equal(feed.cache.packets_from(11).size(), 1);
  assert_int_equal(feed.cache.packets_from(0).size(), 2);
  assert_true(feed.cache.packets_from(13).empty());
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_kept_before_a_key_frame),
      cmocka_unit_test(a_new_key_frame_takes_the_place_of_the_old_one),
      cmocka_unit_test(parameter_sets_and_slices_are_one_key_frame),
      cmocka_unit_test(packets_out_of_order_find_their_place),
      cmocka_unit_test(what_overtakes_a_key_frame_stays_with_it),
      cmocka_unit_test(what_overtakes_a_key_frame_is_not_lost_when_nothing_was_kept),
      cmocka_unit_test(another_stream_begins_anew),
      cmocka_unit_test(it_lets_go_of_all_beyond_its_bounds),
      cmocka_unit_test(packets_are_found_by_number),
  };
  return cmocka_run_group_tests_name("peer/frame_cache", tests, nullptr, nullptr);
}
