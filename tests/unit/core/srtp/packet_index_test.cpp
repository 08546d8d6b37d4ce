// Packet index estimation, as rows.
#include "core/srtp/packet_index.hpp"

#include "tests/support/cmocka.hpp"

namespace {

using cardea::srtp::estimate_index;

void finds_the_nearest_index(void**) {
  const struct {
    std::uint64_t highest;
    std::uint16_t sequence_number;
    std::uint64_t expected;
  } rows[] = {
      {100, 101, 101},
      {100, 99, 99},
      {65535, 0, 65536},      // wrap
      {65536, 65535, 65535},  // late packet from before the wrap
      {65536 * 3 + 5, 65530, 65536 * 2 + 65530},
      {65536 * 2 + 65530, 5, 65536 * 3 + 5},
      {65536 * 7 + 1000, 1000, 65536 * 7 + 1000},
      {65536 + 40000, 8000, 65536 + 8000},
      {5, 65530, 65530},  // nothing below zero
      {0, 65535, 65535},
  };
  for (const auto& row : rows) {
    assert_true(estimate_index(row.highest, row.sequence_number) == row.expected);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(finds_the_nearest_index),
  };
  return cmocka_run_group_tests_name("srtp/packet_index", tests, nullptr, nullptr);
}
