// The INI line reader: comments, quotes, limits and bad lines.
#include "core/config/ini_reader.hpp"

#include <string>

#include "tests/support/cmocka.hpp"

using cardea::config::IniText;
using cardea::config::read_ini;

namespace {

struct Row {
  const char* line;
  const char* value;
};

void check_rows(const Row* rows, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const IniText ini = read_ini(std::string("[s]\n") + rows[i].line + "\n");
    assert_int_equal(ini.errors.size(), 0);
    assert_int_equal(ini.entries.size(), 2);
    assert_string_equal(ini.entries[1].key.c_str(), "k");
    assert_string_equal(ini.entries[1].value.c_str(), rows[i].value);
  }
}

void reads_values_with_comments_and_quotes(void**) {
  const Row rows[] = {
      {"k = plain", "plain"},
      {"k=plain", "plain"},
      {"  k\t=\tplain  ", "plain"},
      {"k = a value ; comment", "a value"},
      {"k = a value # comment", "a value"},
      {"k = a;b#c", "a;b#c"},
      {"k = ; only a comment", ""},
      {"k =", ""},
      {"k = postgres://u:p@h/db?a=b", "postgres://u:p@h/db?a=b"},
      {"k = \"a ; b # c\"", "a ; b # c"},
      {"k = \"  spaces  \" ; comment", "  spaces  "},
      {"k = \"say \\\"hi\\\" \\\\ \\n\"", "say \"hi\" \\ \\n"},
      {"k = \"\"", ""},
      {"k = crlf\r", "crlf"},
  };
  check_rows(rows, std::size(rows));
}

void reports_bad_lines_with_their_number_and_reads_on(void**) {
  const char* bad[] = {"no equals sign",
                       "k = \"open",
                       "k = \"a\" b",
                       "[open",
                       "[]",
                       "[a]b]",
                       "a key = 1",
                       "= 1",
                       "k = a\x01",
                       "[with space]",
                       "k = \x1b[2J sneaky"};
  for (const char* line : bad) {
    const IniText ini = read_ini(std::string("[s]\n") + line + "\n[t]\nk = 1\n");
    assert_int_equal(ini.errors.size(), 1);
    assert_int_equal(ini.errors[0].line, 2);
    assert_int_equal(ini.entries.size(), 3);
    assert_string_equal(ini.entries[2].section.c_str(), "t");
    assert_int_equal(ini.entries[2].line, 4);
  }
}

void refuses_a_key_before_any_section(void**) {
  const IniText ini = read_ini("k = 1\n");
  assert_int_equal(ini.errors.size(), 1);
  assert_int_equal(ini.entries.size(), 0);
}

void keeps_long_lines_whole_up_to_the_limit(void**) {
  const std::string value(cardea::config::kMaxLineBytes - 4, 'x');
  const IniText good = read_ini("[s]\nk = " + value);
  assert_int_equal(good.errors.size(), 0);
  assert_true(good.entries[1].value == value);
  const IniText bad = read_ini("[s]\nk = " + value + "x");
  assert_int_equal(bad.errors.size(), 1);
  assert_int_equal(bad.entries.size(), 1);
}

void refuses_a_file_over_one_mebibyte(void**) {
  const IniText ini = read_ini(std::string(cardea::config::kMaxFileBytes + 1, '\n'));
  assert_int_equal(ini.errors.size(), 1);
  assert_int_equal(ini.entries.size(), 0);
}

void skips_a_byte_order_mark(void**) {
  assert_int_equal(read_ini("\xEF\xBB\xBF[s]\nk = 1\n").errors.size(), 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(reads_values_with_comments_and_quotes),
      cmocka_unit_test(reports_bad_lines_with_their_number_and_reads_on),
      cmocka_unit_test(refuses_a_key_before_any_section),
      cmocka_unit_test(keeps_long_lines_whole_up_to_the_limit),
      cmocka_unit_test(refuses_a_file_over_one_mebibyte),
      cmocka_unit_test(skips_a_byte_order_mark),
  };
  return cmocka_run_group_tests_name("config/ini_reader", tests, nullptr, nullptr);
}
