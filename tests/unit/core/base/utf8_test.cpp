#include "core/base/utf8.hpp"

#include "tests/support/cmocka.hpp"

namespace {

using cardea::is_utf8;

void takes_text_of_any_length_of_character(void**) {
  assert_true(is_utf8(""));
  assert_true(is_utf8("plain"));
  assert_true(
      is_utf8("gr\xC3\xBC\xC3\x9F"
              "e"));
  assert_true(is_utf8("\xE2\x82\xAC"));
  assert_true(is_utf8("\xF0\x9F\x98\x80"));
  assert_true(is_utf8("\xED\x9F\xBF\xEE\x80\x80"));
  assert_true(is_utf8("\xF4\x8F\xBF\xBF"));
}

void refuses_what_is_cut_short(void**) {
  assert_false(is_utf8("\xC3"));
  assert_false(is_utf8("\xE2\x82"));
  assert_false(is_utf8("\xF0\x9F\x98"));
  assert_false(is_utf8("\xE2\x28\xA1"));
}

void refuses_overlong_forms_surrogates_and_what_is_no_character(void**) {
  assert_false(is_utf8("\xC0\x80"));
  assert_false(is_utf8("\xE0\x9F\xBF"));
  assert_false(is_utf8("\xF0\x8F\xBF\xBF"));
  assert_false(is_utf8("\xED\xA0\x80"));
  assert_false(is_utf8("\xF4\x90\x80\x80"));
  assert_false(is_utf8("\x80"));
  assert_false(is_utf8("\xFF"));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(takes_text_of_any_length_of_character),
      cmocka_unit_test(refuses_what_is_cut_short),
      cmocka_unit_test(refuses_overlong_forms_surrogates_and_what_is_no_character),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
