// Which simulcast layer a sink gets, and when it changes.
#include "core/media/layer_selector.hpp"

#include <array>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;

namespace {

bool offer(LayerSelector& selector, std::uint8_t layer, bool keyframe, bool repaired = false) {
  static const std::array<std::uint8_t, 12> kHeader{0x80};
  return selector.accept(
      {*rtp::Packet::parse(kHeader), 1, 0, 1, layer, keyframe, rtp::Codec::Vp8, repaired});
}

}  // namespace

static void nothing_passes_before_a_key_frame(void**) {
  LayerSelector selector;
  selector.set_available(1);
  assert_int_equal(*selector.waiting_for(), 0);
  assert_false(offer(selector, 0, false));
  assert_true(offer(selector, 0, true));
  assert_true(offer(selector, 0, false));
  assert_false(selector.waiting_for().has_value());
}

static void the_highest_layer_within_the_wish_is_taken(void**) {
  LayerSelector selector;
  selector.set_available(0b111);
  assert_int_equal(*selector.waiting_for(), 2);
  selector.set_wanted(1);
  assert_int_equal(*selector.waiting_for(), 1);
  selector.set_available(0b100);
  assert_int_equal(*selector.waiting_for(), 2);
  selector.set_available(0b101);
  assert_int_equal(*selector.waiting_for(), 0);
}

static void the_old_layer_goes_on_until_the_new_ones_key_frame(void**) {
  LayerSelector selector;
  selector.set_available(0b001);
  assert_true(offer(selector, 0, true));
  selector.set_available(0b011);
  assert_true(offer(selector, 0, false));
  assert_false(offer(selector, 1, false));
  assert_true(offer(selector, 1, true));
  assert_false(offer(selector, 0, true));
  assert_int_equal(*selector.current(), 1);
}

static void a_retransmitted_key_frame_starts_nothing(void**) {
  LayerSelector selector;
  selector.set_available(1);
  assert_false(offer(selector, 0, true, true));
  assert_true(offer(selector, 0, true));
}

static void a_restart_waits_for_a_key_frame_again(void**) {
  LayerSelector selector;
  selector.set_available(1);
  offer(selector, 0, true);
  selector.restart();
  assert_false(offer(selector, 0, false));
  assert_int_equal(*selector.waiting_for(), 0);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_passes_before_a_key_frame),
      cmocka_unit_test(the_highest_layer_within_the_wish_is_taken),
      cmocka_unit_test(the_old_layer_goes_on_until_the_new_ones_key_frame),
      cmocka_unit_test(a_retransmitted_key_frame_starts_nothing),
      cmocka_unit_test(a_restart_waits_for_a_key_frame_again),
  };
  return cmocka_run_group_tests_name("media/layer_selector", tests, nullptr, nullptr);
}
