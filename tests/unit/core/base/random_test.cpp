// Range and alphabet of random ids and texts.
#include "core/base/random.hpp"

#include <array>
#include <cctype>
#include <set>

#include "tests/support/cmocka.hpp"

namespace {

void ids_are_exact_in_javascript_and_differ(void**) {
  std::set<std::uint64_t> seen;
  std::uint64_t high = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t id = cardea::random_id();
    assert_true(id > 0 && id < (std::uint64_t{1} << 53));
    high |= id;
    seen.insert(id);
  }
  assert_int_equal(seen.size(), 1000);
  assert_true(high == (std::uint64_t{1} << 53) - 1);
}

void texts_have_the_length_and_the_ice_alphabet(void**) {
  assert_int_equal(cardea::random_text(0).size(), 0);
  const std::string text = cardea::random_text(4000);
  assert_int_equal(text.size(), 4000);
  std::set<char> used;
  for (const char c : text) {
    assert_true(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/');
    used.insert(c);
  }
  assert_int_equal(used.size(), 64);
}

void bytes_fill_the_whole_span(void**) {
  std::array<std::uint8_t, 1000> bytes{};
  cardea::random_bytes(bytes);
  const std::set<std::uint8_t> tail(bytes.begin() + 900, bytes.end());
  assert_true(tail.size() > 10);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(ids_are_exact_in_javascript_and_differ),
      cmocka_unit_test(texts_have_the_length_and_the_ice_alphabet),
      cmocka_unit_test(bytes_fill_the_whole_span),
  };
  return cmocka_run_group_tests_name("base/random", tests, nullptr, nullptr);
}
