// Which spatial and temporal layers of VP9 and AV1 a sink gets, and where it may change.
#include <array>
#include <string>

#include "core/media/layer_selector.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;

namespace {

/// Three spatial layers, one packet each, and two temporal ones.
class Svc {
 public:
  explicit Svc(rtp::Codec codec) : codec_(codec) { selector.set_available(1); }

  /// One picture; what became of its layers: '.' left out, '-' not begun, 'p' passed, 'm' passed
  /// with the marker.
  std::string picture(std::int8_t temporal, bool keyframe = false, bool switch_up = false) {
    std::string out;
    for (std::int8_t spatial = 0; spatial < 3; ++spatial) {
      rtp::FrameInfo frame;
      frame.keyframe = keyframe && spatial == 0;
      frame.starts = true;
      frame.ends = true;
      frame.switch_up = switch_up;
      frame.temporal = temporal;
      frame.spatial = spatial;
      out += judge(frame);
    }
    ++timestamp_;
    return out;
  }

  LayerSelector selector;

 private:
  char judge(const rtp::FrameInfo& frame) {
    std::array<std::uint8_t, 12> header{0x80};
    store_u32(header.data() + 4, timestamp_);
    peer::SourcePacket packet{*rtp::Packet::parse(header)};
    packet.seq = ++seq_;
    packet.codec = codec_;
    packet.frame = frame;
    packet.keyframe = frame.keyframe;
    switch (selector.judge(packet, Time())) {
      case LayerSelector::Verdict::Other:
        return '-';
      case LayerSelector::Verdict::LeftOut:
        return '.';
      case LayerSelector::Verdict::Pass:
        return 'p';
      default:
        return 'm';
    }
  }

  rtp::Codec codec_;
  std::uint64_t seq_ = 0;
  std::uint32_t timestamp_ = 0;
};

}  // namespace

static void fewer_spatial_layers_from_the_next_picture_on(void**) {
  for (const auto codec : {rtp::Codec::Vp9, rtp::Codec::Av1}) {
    Svc svc(codec);
    assert_string_equal(svc.picture(0).c_str(), "---");
    assert_string_equal(svc.picture(0, true).c_str(), "ppp");
    svc.selector.set_wanted(1);
    assert_string_equal(svc.picture(0).c_str(), "pm.");
    svc.selector.set_wanted(0);
    assert_string_equal(svc.picture(1).c_str(), "m..");
    assert_false(svc.selector.waiting_for().has_value());
  }
}

static void more_spatial_layers_only_behind_a_key_frame(void**) {
  for (const auto codec : {rtp::Codec::Vp9, rtp::Codec::Av1}) {
    Svc svc(codec);
    svc.selector.set_wanted(0);
    assert_string_equal(svc.picture(0, true).c_str(), "m..");
    svc.selector.set_wanted(2);
    assert_string_equal(svc.picture(0, false, true).c_str(), "m..");
    assert_int_equal(*svc.selector.waiting_for(), 0);
    assert_string_equal(svc.picture(0, true).c_str(), "ppm");
    assert_false(svc.selector.waiting_for().has_value());
  }
}

static void more_temporal_layers_only_behind_a_switching_point(void**) {
  for (const auto codec : {rtp::Codec::Vp9, rtp::Codec::Av1}) {
    Svc svc(codec);
    svc.selector.set_wanted(-1, 0);
    assert_string_equal(svc.picture(0, true).c_str(), "ppp");
    assert_string_equal(svc.picture(1).c_str(), "...");
    svc.selector.set_wanted(-1, 2);
    assert_string_equal(svc.picture(1).c_str(), "...");
    assert_string_equal(svc.picture(0).c_str(), "ppp");
    assert_string_equal(svc.picture(1).c_str(), "...");
    assert_string_equal(svc.picture(0, false, true).c_str(), "ppp");
    assert_string_equal(svc.picture(1).c_str(), "ppp");
    assert_string_equal(svc.picture(2).c_str(), "ppp");
  }
}

static void fewer_temporal_layers_at_once(void**) {
  Svc svc(rtp::Codec::Av1);
  svc.picture(0, true);
  svc.selector.set_wanted(-1, 1);
  assert_string_equal(svc.picture(2).c_str(), "...");
  assert_string_equal(svc.picture(1).c_str(), "ppp");
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(fewer_spatial_layers_from_the_next_picture_on),
      cmocka_unit_test(more_spatial_layers_only_behind_a_key_frame),
      cmocka_unit_test(more_temporal_layers_only_behind_a_switching_point),
      cmocka_unit_test(fewer_temporal_layers_at_once),
  };
  return cmocka_run_group_tests_name("media/svc_selector", tests, nullptr, nullptr);
}
