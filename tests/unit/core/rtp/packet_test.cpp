// RTP packets: bounds of CSRCs, extension and padding; extensions in both
// forms.
#include "core/rtp/packet.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/rtp/header_extension.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;       // NOLINT: the folder under test
using namespace cardea::rtp;  // NOLINT

using Raw = std::vector<std::uint8_t>;

Raw make_packet(std::uint8_t first, const Raw& rest) {
  const Raw fixed = {first, 0xE0, 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 9};
  Raw raw(fixed.size() + rest.size());
  std::copy(rest.begin(), rest.end(), std::copy(fixed.begin(), fixed.end(), raw.begin()));
  return raw;
}

void reads_the_fixed_header(void**) {
  const Raw raw = make_packet(0x80, {1, 2, 3});
  const auto packet = Packet::parse(raw);
  assert_true(packet.has_value());
  assert_true(packet->marker());
  assert_int_equal(packet->payload_type(), 0x60);
  assert_int_equal(packet->seq(), 0x1234);
  assert_int_equal(packet->timestamp(), 1);
  assert_int_equal(packet->ssrc(), 9);
  assert_int_equal(packet->payload().size(), 3);
}

void checks_each_length_against_the_real_size(void**) {
  struct Row {
    std::uint8_t first;
    Raw rest;
    int payload;  // -1: malformed
  };
  const Row table[] = {
      {0x80, {}, 0},
      {0x40, {}, -1},                             // version 1
      {0x82, {0, 0, 0, 1, 0, 0, 0, 2, 7}, 1},     // two CSRCs
      {0x8F, {0, 0, 0, 1}, -1},                   // fifteen CSRCs claimed
      {0x90, {0xBE, 0xDE, 0, 1, 0, 0, 0, 0}, 0},  // extension at the packet's end
      {0x90, {0xBE, 0xDE, 0, 2, 0, 0, 0, 0}, -1},
      {0x90, {0xBE, 0xDE}, -1},
      {0x90, {0xBE, 0xDE, 0xFF, 0xFF}, -1},
      {0xA0, {1, 2, 2}, 1},
      {0xA0, {0, 0, 3}, 0},
      {0xA0, {1, 2, 0}, -1},
      {0xA0, {1, 2, 255}, -1},
      {0xA0, {}, -1},
  };
  for (const Row& row : table) {
    const Raw raw = make_packet(row.first, row.rest);
    const auto packet = Packet::parse(raw);
    assert_int_equal(packet ? static_cast<int>(packet->payload().size()) : -1, row.payload);
  }
  for (std::size_t size = 0; size < kFixedHeaderSize; ++size) {
    const Raw raw = make_packet(0x80, {});
    assert_false(Packet::parse(Bytes(raw).first(size)).has_value());
  }
}

void tells_rtcp_by_its_second_byte(void**) {
  for (unsigned second = 0; second < 256; ++second) {
    const std::array<std::uint8_t, 2> raw = {0x80, static_cast<std::uint8_t>(second)};
    assert_true(is_rtcp(raw) == (second >= 192 && second <= 223));
  }
  const std::array<std::uint8_t, 2> dtls = {22, 200};
  assert_false(is_rtcp(dtls));
}

void reads_one_byte_extensions_past_padding_up_to_id_15(void**) {
  const Raw raw =
      make_packet(0x90, {0xBE, 0xDE, 0, 3, 0x10, 0x85, 0, 0x41, 'h', 'i', 0, 0xF0, 1, 0x20, 7, 0});
  const auto packet = Packet::parse(raw);
  const auto level = read_audio_level(*find_extension(*packet, 1));
  assert_true(level->voice);
  assert_int_equal(level->level, 5);
  assert_true(find_text_extension(*packet, 4) == "hi");
  assert_false(find_extension(*packet, 2).has_value());
  assert_false(find_extension(*packet, 0).has_value());
}

void reads_two_byte_extensions(void**) {
  const Raw raw = make_packet(0x90, {0x10, 0x00, 0, 2, 200, 1, 'a', 0, 3, 0, 4, 9});
  const auto packet = Packet::parse(raw);
  assert_true(find_text_extension(*packet, 200) == "a");
  assert_int_equal(find_extension(*packet, 3)->size(), 0);
  assert_false(find_extension(*packet, 4).has_value());
}

void writes_what_it_reads(void**) {
  for (const bool two_byte : {false, true}) {
    std::array<std::uint8_t, 64> out{};
    ExtensionWriter writer(MutableBytes(out).subspan(12), two_byte);
    assert_true(writer.add(3, as_bytes("mid0")));
    assert_true(writer.add(14, as_bytes("x")));
    assert_true(writer.add(15, as_bytes("y")) == two_byte);
    assert_false(writer.add(0, as_bytes("y")));
    assert_false(
        writer.add(1, as_bytes(std::string_view("0123456789abcdef0123456789abcdef0123456789"))));
    const std::size_t size = writer.finish();
    assert_int_equal(size % 4, 0);
    out[0] = 0x90;
    const auto packet = Packet::parse(Bytes(out).first(12 + size));
    assert_true(find_text_extension(*packet, 3) == "mid0");
    assert_true(find_text_extension(*packet, 14) == "x");
  }
}

void ids_and_kinds_stay_one_to_one(void**) {
  ExtensionIds ids;
  ids.set(ExtensionKind::Mid, 4);
  ids.set(ExtensionKind::AudioLevel, 4);
  assert_int_equal(ids.id(ExtensionKind::Mid), 0);
  assert_true(ids.kind(4) == ExtensionKind::AudioLevel);
  ids.set(ExtensionKind::AudioLevel, 7);
  assert_true(ids.kind(4) == ExtensionKind::Unknown);
  ids.set(ExtensionKind::Mid, 0);
  ids.set(ExtensionKind::Mid, 256);
  assert_int_equal(ids.id(ExtensionKind::Mid), 0);
  for (std::size_t i = 0; i < kExtensionKinds; ++i) {
    const auto kind = static_cast<ExtensionKind>(i);
    assert_true(extension_kind(extension_uri(kind)) == kind);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(reads_the_fixed_header),
      cmocka_unit_test(checks_each_length_against_the_real_size),
      cmocka_unit_test(tells_rtcp_by_its_second_byte),
      cmocka_unit_test(reads_one_byte_extensions_past_padding_up_to_id_15),
      cmocka_unit_test(reads_two_byte_extensions),
      cmocka_unit_test(writes_what_it_reads),
      cmocka_unit_test(ids_and_kinds_stay_one_to_one),
  };
  return cmocka_run_group_tests_name("rtp/packet", tests, nullptr, nullptr);
}
