// Levels per area, escaping and the two line formats of the log.
#include "core/log/log.hpp"

#include <memory>
#include <string>
#include <vector>

#include <jansson.h>

#include "core/log/counted_warning.hpp"
#include "tests/support/cmocka.hpp"

using namespace std::chrono_literals;
using cardea::Time;
using cardea::log::CountedWarning;
using cardea::log::Format;
using cardea::log::Logger;
using cardea::log::System;

namespace {

using Lines = std::vector<std::string>;

std::unique_ptr<System> make_system(Lines& lines, const char* levels,
                                    Format format = Format::Text) {
  auto system =
      System::make(levels, format, [&lines](std::string_view line) { lines.emplace_back(line); });
  assert_true(system.ok());
  return std::move(*system);
}

bool ends_with(const std::string& text, std::string_view end) { return text.ends_with(end); }

void a_line_has_time_level_area_and_message(void**) {
  Lines lines;
  const auto system = make_system(lines, "info");
  system->get("media").info("{} packets from {}", 3, "peer");
  assert_int_equal(lines.size(), 1);
  assert_true(ends_with(lines[0], "Z info  [media] 3 packets from peer"));
  assert_int_equal(lines[0].find('T'), 10);
}

void levels_hold_per_area_and_change_at_run_time(void**) {
  Lines lines;
  const auto system = make_system(lines, "info, ice = debug,media=error");
  const Logger ice = system->get("ice");
  const Logger media = system->get("media");
  const Logger sdp = system->get("sdp");
  ice.debug("1");
  media.warn("2");
  sdp.debug("3");
  assert_int_equal(lines.size(), 1);
  assert_true(system->set_levels("debug,ice=off").ok());
  ice.error("4");
  media.debug("5");
  sdp.debug("6");
  assert_int_equal(lines.size(), 3);
  assert_false(system->set_levels("loud").ok());
  assert_false(System::make("info,ice=", Format::Text).ok());
  media.debug("7");
  assert_int_equal(lines.size(), 4);
}

void one_event_is_one_line_without_control_characters(void**) {
  Lines lines;
  const auto system = make_system(lines, "info");
  system->get("a").info("name {}", std::string("\r\n2026-01-01 admin login ok\x1b[2J\t\x7f"));
  system->get("a").info("{}", "\u202Eevil\u2066\u2028 \u00e9\u4e2d \xff\xc0\xaf \u0085");
  assert_int_equal(lines.size(), 2);
  assert_true(ends_with(lines[0], R"(name \r\n2026-01-01 admin login ok\u001b[2J\t\u007f)"));
  assert_true(
      ends_with(lines[1], "\\u202eevil\\u2066\\u2028 \u00e9\u4e2d \\xff\\xc0\\xaf \\u0085"));
}

void fields_and_messages_are_cut(void**) {
  Lines lines;
  const auto system = make_system(lines, "info");
  system->get("a").info("<{}>", std::string(5000, 'x'));
  assert_true(ends_with(lines[0], "<" + std::string(512, 'x') + ">"));
  system->get("a").write(cardea::log::Level::Info, std::string(100000, 'y'));
  assert_true(lines[1].size() < 9000);
}

void json_lines_parse_and_keep_the_text(void**) {
  Lines lines;
  const auto system = make_system(lines, "info", Format::Json);
  system->get("a\"b").error("say \"{}\" \\ {}", "hi\n", "\x80");
  json_t* root = json_loads(lines[0].c_str(), 0, nullptr);
  assert_non_null(root);
  assert_string_equal(json_string_value(json_object_get(root, "level")), "error");
  assert_string_equal(json_string_value(json_object_get(root, "area")), "a\"b");
  assert_string_equal(json_string_value(json_object_get(root, "message")),
                      "say \"hi\n\" \\ \ufffd");
  assert_non_null(json_object_get(root, "ts"));
  json_decref(root);
}

void a_null_logger_and_one_that_outlives_its_system_write_nothing(void**) {
  Lines lines;
  Logger().error("nobody");
  Logger survivor;
  {
    const auto system = make_system(lines, "info");
    survivor = system->get("a");
  }
  survivor.error("too late");
  assert_int_equal(lines.size(), 0);
}

void areas_beyond_the_bound_share_one(void**) {
  Lines lines;
  const auto system = make_system(lines, "info");
  for (int i = 0; i < 300; ++i) {
    system->get("area" + std::to_string(i)).info("x");
  }
  assert_int_equal(lines.size(), 300);
  assert_true(ends_with(lines[299], "[other] x"));
}

void a_counted_warning_writes_once_per_period(void**) {
  Lines lines;
  const auto system = make_system(lines, "info");
  CountedWarning warning(system->get("srtp"), 10s);
  const Time start{};
  for (int i = 0; i < 100; ++i) {
    warning.count(start + i * 10ms, "replayed packet {}", i);
  }
  assert_int_equal(lines.size(), 1);
  warning.count(start + 10s, "replayed packet {}", 100);
  assert_int_equal(lines.size(), 2);
  assert_true(ends_with(lines[0], "[srtp] replayed packet 0"));
  assert_true(ends_with(lines[1], "replayed packet 100 (99 more since the last line)"));
  assert_int_equal(warning.total(), 101);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_line_has_time_level_area_and_message),
      cmocka_unit_test(levels_hold_per_area_and_change_at_run_time),
      cmocka_unit_test(one_event_is_one_line_without_control_characters),
      cmocka_unit_test(fields_and_messages_are_cut),
      cmocka_unit_test(json_lines_parse_and_keep_the_text),
      cmocka_unit_test(a_null_logger_and_one_that_outlives_its_system_write_nothing),
      cmocka_unit_test(areas_beyond_the_bound_share_one),
      cmocka_unit_test(a_counted_warning_writes_once_per_period),
  };
  return cmocka_run_group_tests_name("log/log", tests, nullptr, nullptr);
}
