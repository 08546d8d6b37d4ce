// The dependency descriptor of AV1, on descriptors put together bit by bit after the examples of
// the RTP payload format's appendix A.10 (L1T3 and L2T2 with key-frame-only dependencies).
#include "core/rtp/codec/dependency_descriptor.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "core/rtp/codec/frame.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::rtp;

namespace {

/// Writes fields of the syntax tables one after the other.
class Bits {
 public:
  Bits& put(unsigned width, std::uint32_t value) {
    while (width-- > 0) {
      if (used_ % 8 == 0) {
        bytes_.push_back(0);
      }
      bytes_.back() =
          static_cast<std::uint8_t>(bytes_.back() | (value >> width & 1) << (7 - used_ % 8));
      ++used_;
    }
    return *this;
  }
  /// Decode target indications as the specification writes them.
  Bits& dtis(std::string_view text) {
    for (const char each : text) {
      put(2, static_cast<std::uint32_t>(std::string_view("-DSR").find(each)));
    }
    return *this;
  }
  /// Differences of a template, each as what follows the flag.
  Bits& differences(const std::vector<std::uint32_t>& values) {
    for (const std::uint32_t value : values) {
      put(1, 1).put(4, value - 1);
    }
    return put(1, 0);
  }
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t used_ = 0;
};

Bits mandatory(bool starts, bool ends, std::uint32_t id, std::uint32_t number) {
  Bits out;
  return out.put(1, starts ? 1 : 0).put(1, ends ? 1 : 0).put(6, id).put(16, number);
}

/// One spatial layer, three temporal ones; template ids from 62 on, so that they wrap.
std::vector<std::uint8_t> l1t3_key() {
  Bits out = mandatory(true, false, 62, 100);
  out.put(5, 0b10000);                                    // structure, nothing else
  out.put(6, 62).put(5, 3 - 1);                           // offset, decode targets
  out.put(2, 0).put(2, 1).put(2, 1).put(2, 0).put(2, 3);  // T0 T0 T1 T2 T2
  out.dtis("SSS").dtis("SSS").dtis("-DS").dtis("--D").dtis("--D");
  out.differences({}).differences({4}).differences({2}).differences({1}).differences({1});
  out.put(1, 0).put(1, 1);  // one chain of up to three: ns(4) in two bits
  out.put(4, 0).put(4, 4).put(4, 2).put(4, 1).put(4, 3);
  out.put(1, 1).put(16, 639).put(16, 359);
  return out.bytes();
}

/// Two spatial layers, the upper one referring to the lower at key frames only.
std::vector<std::uint8_t> l2t1_key() {
  Bits out = mandatory(true, true, 0, 7);
  out.put(5, 0b10000);
  out.put(6, 0).put(5, 2 - 1);
  out.put(2, 0).put(2, 2).put(2, 0).put(2, 3);  // S0 S0 S1 S1
  out.dtis("SS").dtis("S-").dtis("-S").dtis("-R");
  out.differences({}).differences({2}).differences({1}).differences({2});
  out.put(2, 0);  // no chains: ns(3)
  out.put(1, 0);  // no resolutions
  return out.bytes();
}

using Structure = std::optional<DependencyStructure>;

bool refused(Bytes value, Structure& structure) {
  return !parse_dependency_descriptor(value, structure).has_value();
}

}  // namespace

static void a_key_frame_brings_the_structure(void**) {
  Structure structure;
  const auto key = parse_dependency_descriptor(l1t3_key(), structure);
  assert_true(key.has_value());
  assert_true(key->has_structure && key->starts_frame && !key->ends_frame);
  assert_int_equal(key->frame_number, 100);
  assert_true(key->frame.independent && key->switches_up);
  assert_int_equal(structure->template_count, 5);
  assert_int_equal(structure->target_count, 3);
  assert_int_equal(structure->spatial_layers, 1);
  assert_int_equal(structure->target_temporal[2], 2);
  FrameInfo frame;
  add_dependencies(frame, *key);
  assert_true(frame.keyframe && frame.starts && !frame.ends);
  assert_int_equal(frame.temporal, 0);
  assert_int_equal(frame.spatial, 0);
}

static void later_frames_refer_to_its_templates(void**) {
  Structure structure;
  parse_dependency_descriptor(l1t3_key(), structure);
  struct Row {
    std::uint32_t id;
    std::uint8_t temporal;
    bool switches_up;
  };
  // Ids wrap at 64.
  for (const Row& row : {Row{63, 0, true}, Row{0, 1, true}, Row{1, 2, false}, Row{2, 2, false}}) {
    const auto out =
        parse_dependency_descriptor(mandatory(true, true, row.id, 101).bytes(), structure);
    assert_true(out.has_value());
    assert_int_equal(out->frame.temporal, row.temporal);
    assert_true(out->switches_up == row.switches_up);
    assert_false(out->frame.independent);
    assert_false(out->has_structure);
    FrameInfo frame;
    add_dependencies(frame, *out);
    assert_false(frame.keyframe);
  }
  assert_true(refused(mandatory(true, true, 3, 101).bytes(), structure));
  assert_true(refused(mandatory(true, true, 61, 101).bytes(), structure));
}

static void spatial_layers_are_told_apart(void**) {
  Structure structure;
  assert_true(parse_dependency_descriptor(l2t1_key(), structure).has_value());
  assert_int_equal(structure->spatial_layers, 2);
  const auto upper = parse_dependency_descriptor(mandatory(true, false, 2, 8).bytes(), structure);
  assert_int_equal(upper->frame.spatial, 1);
  assert_int_equal(upper->frame.temporal, 0);
}

static void a_frame_may_differ_from_its_template(void**) {
  Structure structure;
  parse_dependency_descriptor(l1t3_key(), structure);
  Bits own = mandatory(true, true, 1, 102);
  own.put(5, 0b01110);  // active targets, own indications, own references
  own.put(3, 0b111).dtis("--S").put(2, 1).put(4, 2).put(2, 0);
  const auto out = parse_dependency_descriptor(own.bytes(), structure);
  assert_true(out.has_value());
  assert_true(out->switches_up);
  assert_false(out->frame.independent);
  Bits none = mandatory(true, true, 1, 103);
  none.put(5, 0b00010).put(2, 0);
  assert_true(parse_dependency_descriptor(none.bytes(), structure)->frame.independent);
}

static void nothing_is_read_without_a_structure_or_from_a_piece(void**) {
  Structure structure;
  assert_true(refused(mandatory(true, true, 62, 1).bytes(), structure));
  assert_true(refused({}, structure));
  const auto whole = l1t3_key();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    assert_true(refused(Bytes(whole).first(size), structure));
    assert_false(structure.has_value());
  }
  // A bad one leaves the good one in place.
  assert_true(parse_dependency_descriptor(whole, structure).has_value());
  assert_true(refused(Bytes(whole).first(8), structure));
  assert_int_equal(structure->template_count, 5);
}

static void templates_without_end_are_refused(void**) {
  Structure structure;
  Bits out = mandatory(true, true, 0, 1);
  out.put(5, 0b10000).put(6, 0).put(5, 0);
  for (int i = 0; i < 100; ++i) {
    out.put(2, 0);
  }
  assert_true(refused(out.bytes(), structure));
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_key_frame_brings_the_structure),
      cmocka_unit_test(later_frames_refer_to_its_templates),
      cmocka_unit_test(spatial_layers_are_told_apart),
      cmocka_unit_test(a_frame_may_differ_from_its_template),
      cmocka_unit_test(nothing_is_read_without_a_structure_or_from_a_piece),
      cmocka_unit_test(templates_without_end_are_refused),
  };
  return cmocka_run_group_tests_name("rtp/dependency_descriptor", tests, nullptr, nullptr);
}
