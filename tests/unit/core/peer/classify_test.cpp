// Which protocol a datagram is.
#include "core/peer/classify.hpp"

#include <array>

#include "core/peer/counters.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::peer;

static void the_first_bytes_tell_the_protocol(void**) {
  struct Row {
    std::uint8_t first;
    std::uint8_t second;
    Protocol expected;
  };
  const Row rows[] = {
      {0, 1, Protocol::Stun},       {3, 0, Protocol::Stun},      {4, 0, Protocol::Unknown},
      {19, 0, Protocol::Unknown},   {20, 254, Protocol::Dtls},   {63, 254, Protocol::Dtls},
      {64, 0, Protocol::Unknown},   {127, 0, Protocol::Unknown}, {128, 191, Protocol::Rtp},
      {128, 192, Protocol::Rtcp},   {129, 200, Protocol::Rtcp},  {191, 223, Protocol::Rtcp},
      {128, 224, Protocol::Rtp},    {144, 96, Protocol::Rtp},    {192, 96, Protocol::Unknown},
      {255, 255, Protocol::Unknown}};
  for (const Row& row : rows) {
    const std::array<std::uint8_t, 2> bytes{row.first, row.second};
    assert_true(classify(bytes) == row.expected);
  }
}

static void what_is_too_short_is_nothing(void**) {
  const std::array<std::uint8_t, 1> one{0x80};
  assert_true(classify(one) == Protocol::Unknown);
  assert_true(classify({}) == Protocol::Unknown);
}

static void garbage_names_no_ufrag(void**) {
  const std::array<std::uint8_t, 20> bytes{};
  assert_true(stun_ufrag(bytes).empty());
}

static void every_drop_reason_has_a_name(void**) {
  for (std::size_t i = 0; i < kDrops; ++i) {
    assert_false(drop_name(static_cast<Drop>(i)).empty());
  }
  assert_true(drop_name(Drop::RtcpMalformed) == "rtcp_malformed");
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_first_bytes_tell_the_protocol),
      cmocka_unit_test(what_is_too_short_is_nothing),
      cmocka_unit_test(garbage_names_no_ufrag),
      cmocka_unit_test(every_drop_reason_has_a_name),
  };
  return cmocka_run_group_tests_name("peer/classify", tests, nullptr, nullptr);
}
