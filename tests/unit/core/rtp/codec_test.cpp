// Payload descriptors and key frames, byte by byte.
#include "core/rtp/codec/codec.hpp"

#include <vector>

#include "core/rtp/codec/av1.hpp"
#include "core/rtp/codec/keyframe.hpp"
#include "core/rtp/codec/opus.hpp"
#include "core/rtp/codec/vp8.hpp"
#include "core/rtp/codec/vp9.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;       // NOLINT: the folder under test
using namespace cardea::rtp;  // NOLINT

using Raw = std::vector<std::uint8_t>;

struct Row {
  Codec codec;
  Raw payload;
  bool keyframe;
};

void finds_key_frames(void**) {
  const Row table[] = {
      {Codec::Vp8, {0x10, 0x00}, true},
      {Codec::Vp8, {0x10, 0x01}, false},
      {Codec::Vp8, {0x00, 0x00}, false},                               // not the start
      {Codec::Vp8, {0x11, 0x00}, false},                               // partition 1
      {Codec::Vp8, {0x90, 0xE0, 0x80, 0x01, 0x02, 0x20, 0x00}, true},  // all extensions
      {Codec::Vp8, {0x90, 0xE0, 0x80, 0x01, 0x02, 0x20}, false},       // no data behind
      {Codec::Vp8, {0x90, 0xE0, 0x80}, false},                         // cut
      {Codec::Vp9, {0x08, 0}, true},
      {Codec::Vp9, {0x48, 0}, false},                          // P: inter picture
      {Codec::Vp9, {0x00, 0}, false},                          // not the start
      {Codec::Vp9, {0xA8, 0x80, 0x01, 0x02, 0x03, 0}, false},  // spatial layer 1
      {Codec::Vp9, {0xA8, 0x80, 0x01, 0x00, 0x03, 0}, true},
      {Codec::Vp9, {0x0A, 0x08, 0xFF}, false},  // 255 pictures claimed
      {Codec::H264, {0x67, 0x42}, true},
      {Codec::H264, {0x65, 0x88}, true},
      {Codec::H264, {0x41, 0x9A}, false},
      {Codec::H264, {0x78, 0, 2, 0x67, 0x42, 0, 1, 0x68}, true},  // STAP-A
      {Codec::H264, {0x78, 0, 2, 0x41, 0x42, 0, 1, 0x65}, true},
      {Codec::H264, {0x78, 0xFF, 0xFF, 0x67}, false},  // lying size
      {Codec::H264, {0x7C, 0x85, 0}, true},            // FU-A, first of IDR
      {Codec::H264, {0x7C, 0x05, 0}, false},           // FU-A, middle
      {Codec::H264, {0x67}, false},
      {Codec::H265, {0x42, 0x01, 0}, true},  // SPS
      {Codec::H265, {0x26, 0x01, 0}, true},  // IDR_W_RADL
      {Codec::H265, {0x02, 0x01, 0}, false},
      {Codec::H265, {0x62, 0x01, 0x93}, true},  // FU, first of IDR
      {Codec::H265, {0x62, 0x01, 0x13}, false},
      {Codec::Av1, {0x08, 0x0A}, true},
      {Codec::Av1, {0x00, 0x0A}, false},
      {Codec::Av1, {0x88, 0x0A}, false},  // N with Z is void
      {Codec::Av1, {0x08}, false},
      {Codec::Opus, {0x78}, true},
      {Codec::Rtx, {0, 1, 0x10, 0}, false},
      {Codec::Unknown, {0x10, 0}, false},
  };
  for (const Row& row : table) {
    assert_true(is_keyframe(row.codec, row.payload) == row.keyframe);
    assert_false(is_keyframe(row.codec, {}));
  }
}

void reads_and_rewrites_the_vp8_descriptor(void**) {
  Raw payload = {0x90, 0xF0, 0x81, 0x02, 0x33, 0x60, 0x00};
  const auto d = parse_vp8(payload);
  assert_int_equal(*d->picture_id, 0x102);
  assert_int_equal(*d->tl0_picture_index, 0x33);
  assert_int_equal(*d->temporal_id, 1);
  assert_true(d->layer_sync);
  assert_int_equal(d->size, 6);
  rewrite_vp8(payload, *d, 0x7ABC, 0x44);
  const auto again = parse_vp8(payload);
  assert_int_equal(*again->picture_id, 0x7ABC);
  assert_int_equal(*again->tl0_picture_index, 0x44);
}

void reads_the_vp9_descriptor_with_structure(void**) {
  // I, L, B, V; picture id 7 bits; tid 1, sid 0; three spatial layers with
  // sizes.
  const Raw payload = {0xAA, 0x05, 0x20, 0x09, 0x50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0xFF};
  const auto d = parse_vp9(payload);
  assert_int_equal(*d->picture_id, 5);
  assert_int_equal(d->temporal_id, 1);
  assert_int_equal(*d->tl0_picture_index, 9);
  assert_int_equal(d->spatial_layers, 3);
  assert_int_equal(d->size, payload.size() - 1);
  const Raw endless = {0x58, 0x03, 0x03, 0x03, 0x03, 0};
  assert_false(parse_vp9(endless).has_value());
}

void reads_opus_lengths(void**) {
  const Raw twenty = {0x78, 1, 2};
  assert_int_equal(parse_opus(twenty)->length.count(), 20'000);
  assert_int_equal(parse_opus(twenty)->frames, 1);
  const Raw too_long = {0x1B, 0x03};  // three frames of 60 ms
  assert_false(parse_opus(too_long).has_value());
  assert_false(parse_opus(Raw{0x03}).has_value());
  assert_true(is_opus_dtx(Raw{0x78}));
}

void names_codecs_both_ways(void**) {
  for (unsigned i = 0; i < static_cast<unsigned>(Codec::Unknown); ++i) {
    const auto codec = static_cast<Codec>(i);
    assert_true(codec_from_name(codec_name(codec)) == codec);
  }
  assert_true(codec_from_name("vp8") == Codec::Vp8);
  assert_true(codec_from_name("OPUS") == Codec::Opus);
  assert_true(codec_from_name("vp") == Codec::Unknown);
  assert_int_equal(codec_clock_rate(Codec::Av1), 90000);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(finds_key_frames),
      cmocka_unit_test(reads_and_rewrites_the_vp8_descriptor),
      cmocka_unit_test(reads_the_vp9_descriptor_with_structure),
      cmocka_unit_test(reads_opus_lengths),
      cmocka_unit_test(names_codecs_both_ways),
  };
  return cmocka_run_group_tests_name("rtp/codec", tests, nullptr, nullptr);
}
