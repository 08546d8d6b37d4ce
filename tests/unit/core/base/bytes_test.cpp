// The byte reader and writer never leave their span.
#include "core/base/bytes.hpp"

#include <array>

#include "tests/support/cmocka.hpp"

using cardea::ByteReader;
using cardea::Bytes;
using cardea::ByteWriter;

namespace {

constexpr std::array<std::uint8_t, 18> kData{1,  2,  3,  4,  5,  6,  7,  8,  9,
                                             10, 11, 12, 13, 14, 15, 16, 17, 18};

void fields_are_read_in_network_order(void**) {
  ByteReader reader(kData);
  assert_int_equal(reader.u8(), 0x01);
  assert_int_equal(reader.u16(), 0x0203);
  assert_int_equal(reader.u24(), 0x040506);
  assert_int_equal(reader.u32(), 0x0708090A);
  assert_true(reader.u64() == 0x0B0C0D0E0F101112ULL);
  assert_int_equal(reader.left(), 0);
  assert_true(reader.ok());
}

void a_read_past_the_end_gives_zero_and_fails_for_good(void**) {
  ByteReader reader{Bytes(kData).first(3)};
  reader.bytes(1);
  assert_int_equal(reader.u32(), 0);
  assert_false(reader.ok());
  assert_int_equal(reader.left(), 0);
  assert_int_equal(reader.u8(), 0);
  assert_true(reader.bytes(1).empty());
  assert_false(reader.ok());
}

void bytes_are_taken_without_a_copy(void**) {
  ByteReader reader(kData);
  const Bytes taken = reader.bytes(4);
  assert_ptr_equal(taken.data(), kData.data());
  assert_int_equal(taken.size(), 4);
  assert_ptr_equal(reader.rest().data(), kData.data() + 4);
}

void what_is_written_reads_back(void**) {
  std::array<std::uint8_t, 24> space{};
  ByteWriter writer(space);
  writer.u8(0xFE);
  writer.u16(0xFEDC);
  writer.u24(0xFEDCBA);
  writer.u32(0xFEDCBA98);
  writer.u64(0xFEDCBA9876543210ULL);
  writer.zeros(2);
  writer.bytes(Bytes(kData).first(2));
  writer.patch_u16(1, 0x1234);
  assert_true(writer.ok());
  ByteReader reader(writer.written());
  assert_int_equal(reader.u8(), 0xFE);
  assert_int_equal(reader.u16(), 0x1234);
  assert_int_equal(reader.u24(), 0xFEDCBA);
  assert_int_equal(reader.u32(), 0xFEDCBA98U);
  assert_true(reader.u64() == 0xFEDCBA9876543210ULL);
  assert_int_equal(reader.u16(), 0);
  assert_int_equal(reader.u16(), 0x0102);
  assert_int_equal(reader.left(), 0);
}

void a_write_that_does_not_fit_is_left_out_whole(void**) {
  std::array<std::uint8_t, 5> space{};
  ByteWriter writer(cardea::MutableBytes(space).first(4));
  writer.u16(1);
  writer.u32(0xFFFFFFFF);
  assert_false(writer.ok());
  assert_int_equal(writer.size(), 2);
  writer.u8(1);
  assert_int_equal(writer.size(), 2);
  writer.patch_u16(1, 0xFFFF);
  assert_int_equal(space[2], 0);
  assert_int_equal(space[4], 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(fields_are_read_in_network_order),
      cmocka_unit_test(a_read_past_the_end_gives_zero_and_fails_for_good),
      cmocka_unit_test(bytes_are_taken_without_a_copy),
      cmocka_unit_test(what_is_written_reads_back),
      cmocka_unit_test(a_write_that_does_not_fit_is_left_out_whole),
  };
  return cmocka_run_group_tests_name("base/bytes", tests, nullptr, nullptr);
}
