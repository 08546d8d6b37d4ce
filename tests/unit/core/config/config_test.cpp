// Validation, defaults, environment overrides and the JSON form of the configuration.
#include "core/config/config.hpp"

#include <string>

#include "tests/support/cmocka.hpp"
#include "tests/unit/core/config/declarations.hpp"

using namespace cardea::config;  // NOLINT(google-build-using-namespace)
using cardea::config::test::kSets;
using cardea::config::test::load_text;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void defaults_stand_where_nothing_is_set(void**) {
  const Loaded loaded = Config::load("", kSets, {});
  assert_int_equal(loaded.errors.size(), 0);
  assert_int_equal(loaded.warnings.size(), 0);
  assert_int_equal(loaded.config.integer("media", "udp_port"), 10000);
  assert_string_equal(loaded.config.text("media", "address").c_str(), "127.0.0.1");
  assert_true(loaded.config.boolean("limits", "enabled"));
  assert_true(loaded.config.list("janus", "origins").empty());
  assert_int_equal(loaded.config.list("websocket", "protocols").size(), 2);
  assert_false(loaded.config.has("admin", "secret"));
  assert_string_equal(loaded.config.origin("media", "udp_port").c_str(), "default");
}

void values_from_a_file_win_and_know_their_line(void**) {
  const Loaded loaded = load_text(
      "[media]\nudp_port = 12000\n[limits]\nenabled = Off\n[janus]\norigins = a , b,,c\n");
  assert_int_equal(loaded.errors.size(), 0);
  assert_int_equal(loaded.config.integer("media", "udp_port"), 12000);
  assert_false(loaded.config.boolean("limits", "enabled"));
  assert_string_equal(loaded.config.origin("media", "udp_port").c_str(), "test.conf:2");
  const auto origins = loaded.config.list("janus", "origins");
  assert_int_equal(origins.size(), 3);
  assert_string_equal(origins[1].c_str(), "b");
}

void each_mistake_is_told_with_file_line_and_reason(void**) {
  struct Row {
    const char* text;
    const char* error;
  };
  const Row rows[] = {
      {"[media]\nudp_prot = 1",
       "test.conf:2: [media] udp_prot: unknown key, did you mean "
       "\"udp_port\"?"},
      {"[meda]\nudp_port = 1", "test.conf:1: [meda] unknown section, did you mean \"media\"?"},
      {"[media]\nudp_port = 70000", "[media] udp_port: \"70000\" is out of range (1 to 65535)"},
      {"[media]\nudp_port = ten", "\"ten\" is not a whole number (1 to 65535)"},
      {"[media]\nudp_port = 99999999999999999999", "is not a whole number"},
      {"[media]\nudp_port = 12x", "is not a whole number"},
      {"[limits]\nenabled = maybe", "\"maybe\" is neither yes nor no"},
      {"[log]\nlevel = loud", "\"loud\" is not one of debug, info, warn"},
      {"[media]\nudp_port = 1\nudp_port = 2",
       "test.conf:3: [media] udp_port: is set already at "
       "test.conf:2"},
      {"[media]\nudp_port", "test.conf:2: [media] expected \"key = value\""},
      {"[room-]\npin = 1", "unknown section"},
      {"[room-1]\npublishers = 0", "[room-1] publishers: \"0\" is out of range (1 to 100)"},
      {"[media]\naddress = \xff\xfe", "not UTF-8"},
  };
  for (const Row& row : rows) {
    const Loaded loaded = load_text(row.text);
    assert_int_equal(loaded.errors.size(), 1);
    if (!contains(loaded.errors[0], row.error)) {
      fail_msg("\"%s\" lacks \"%s\"", loaded.errors[0].c_str(), row.error);
    }
  }
}

void all_mistakes_are_collected_in_the_order_of_the_file(void**) {
  const Loaded loaded =
      load_text("[media]\nudp_port = x\nbroken\n[log]\nlevel = y\n[nowhere]\na = 1\n");
  assert_int_equal(loaded.errors.size(), 4);
  assert_true(contains(loaded.errors[0], ":2:"));
  assert_true(contains(loaded.errors[1], ":3:"));
  assert_true(contains(loaded.errors[2], ":5:"));
  assert_true(contains(loaded.errors[3], ":6:"));
}

void a_file_of_nothing_but_mistakes_is_told_in_short(void**) {
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "nonsense\n";
  }
  const Loaded loaded = load_text(text);
  assert_int_equal(loaded.errors.size(), 101);
  assert_true(contains(loaded.errors[100], "more mistakes follow"));
}

void a_bad_secret_is_not_shown(void**) {
  const Loaded loaded = load_text("[admin]\nsecret = hunter2\n");
  assert_int_equal(loaded.errors.size(), 1);
  assert_false(contains(loaded.errors[0], "hunter2"));
}

void a_secret_in_a_file_for_everybody_is_warned_of(void**) {
  const Source open{"open.conf", "", "[admin]\nsecret = long-enough\n", true};
  const Loaded loaded = Config::from_sources({&open, 1}, kSets, {});
  assert_int_equal(loaded.errors.size(), 0);
  assert_int_equal(loaded.warnings.size(), 1);
  assert_false(contains(loaded.warnings[0], "long-enough"));
}

void the_environment_wins_over_files(void**) {
  const Loaded loaded = load_text("[media]\nudp_port = 12000\n[room-1234]\npin = a\n",
                                  {{"CARDEA_MEDIA_UDP_PORT", "13000"},
                                   {"CARDEA_LIMITS_ENABLED", "no"},
                                   {"CARDEA_ROOM_1234_PIN", "b"},
                                   {"CARDEA_MEDIA_ADDRESS", ""}});
  assert_int_equal(loaded.errors.size(), 0);
  assert_int_equal(loaded.warnings.size(), 0);
  assert_int_equal(loaded.config.integer("media", "udp_port"), 13000);
  assert_false(loaded.config.boolean("limits", "enabled"));
  assert_string_equal(loaded.config.text("room-1234", "pin").c_str(), "b");
  assert_string_equal(loaded.config.text("media", "address").c_str(), "127.0.0.1");
  assert_string_equal(loaded.config.origin("media", "udp_port").c_str(), "CARDEA_MEDIA_UDP_PORT");
}

void a_bad_variable_is_an_error_and_an_unknown_one_a_warning(void**) {
  const Loaded loaded =
      load_text("", {{"CARDEA_MEDIA_UDP_PORT", "x"}, {"CARDEA_MEDIA_UDP_PROT", "1"}});
  assert_int_equal(loaded.errors.size(), 1);
  assert_true(contains(loaded.errors[0], "CARDEA_MEDIA_UDP_PORT: [media] udp_port: "));
  assert_int_equal(loaded.warnings.size(), 1);
  assert_true(contains(loaded.warnings[0], "did you mean \"CARDEA_MEDIA_UDP_PORT\"?"));
}

void a_value_and_its_file_variable_exclude_each_other(void**) {
  const Loaded loaded =
      load_text("", {{"CARDEA_ADMIN_SECRET", "long-enough"}, {"CARDEA_ADMIN_SECRET_FILE", "/x"}});
  assert_int_equal(loaded.errors.size(), 1);
  assert_true(contains(loaded.errors[0], "set only one"));
}

void the_first_look_passes_over_what_it_does_not_know(void**) {
  const Loaded loaded = load_text("[elsewhere]\na = 1\n[media]\nudp_port = 5\n",
                                  {{"CARDEA_WHATEVER", "1"}}, Unknown::IgnoreSections);
  assert_int_equal(loaded.errors.size(), 0);
  assert_int_equal(loaded.warnings.size(), 0);
  assert_int_equal(loaded.config.integer("media", "udp_port"), 5);
}

void a_modules_file_holds_only_its_own_sections(void**) {
  const Source source{"plugins/videoroom.conf", "videoroom", "[media]\nudp_port = 1\n"};
  const Loaded loaded = Config::from_sources({&source, 1}, kSets, {});
  assert_int_equal(loaded.errors.size(), 1);
  assert_true(contains(loaded.errors[0], "belongs in cardea.conf"));
  assert_int_equal(loaded.config.integer("media", "udp_port"), 10000);
}

void module_json_is_typed_and_complete(void**) {
  const Loaded loaded = load_text("[websocket]\nport = 9000\n[room-b]\npublishers = 6\n[room-a]\n");
  assert_int_equal(loaded.errors.size(), 0);
  assert_string_equal(loaded.config.module_json("websocket").c_str(),
                      R"({"websocket":{"enabled":true,"port":9000,"protocols":["a","b"]}})");
  assert_string_equal(loaded.config.module_json("videoroom").c_str(),
                      R"({"room-a":{"description":"","publishers":3},)"
                      R"("room-b":{"description":"","publishers":6},)"
                      R"("videoroom":{"string_ids":false}})");
  assert_string_equal(loaded.config.module_json("nobody").c_str(), "{}");
  const auto rooms = loaded.config.sections("room-");
  assert_int_equal(rooms.size(), 2);
  assert_string_equal(rooms[0].c_str(), "room-a");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(defaults_stand_where_nothing_is_set),
      cmocka_unit_test(values_from_a_file_win_and_know_their_line),
      cmocka_unit_test(each_mistake_is_told_with_file_line_and_reason),
      cmocka_unit_test(all_mistakes_are_collected_in_the_order_of_the_file),
      cmocka_unit_test(a_file_of_nothing_but_mistakes_is_told_in_short),
      cmocka_unit_test(a_bad_secret_is_not_shown),
      cmocka_unit_test(a_secret_in_a_file_for_everybody_is_warned_of),
      cmocka_unit_test(the_environment_wins_over_files),
      cmocka_unit_test(a_bad_variable_is_an_error_and_an_unknown_one_a_warning),
      cmocka_unit_test(a_value_and_its_file_variable_exclude_each_other),
      cmocka_unit_test(the_first_look_passes_over_what_it_does_not_know),
      cmocka_unit_test(a_modules_file_holds_only_its_own_sections),
      cmocka_unit_test(module_json_is_typed_and_complete),
  };
  return cmocka_run_group_tests_name("config/config", tests, nullptr, nullptr);
}
