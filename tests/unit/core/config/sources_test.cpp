// Configuration from real folders, files and secret files.
#include "core/config/sources.hpp"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/cmocka.hpp"
#include "tests/unit/core/config/declarations.hpp"

using namespace cardea::config;  // NOLINT(google-build-using-namespace)
using cardea::config::test::kSets;
namespace fs = std::filesystem;

namespace {

int make_folder(void** state) {
  char name[] = "/tmp/cardea-config-XXXXXX";
  if (mkdtemp(name) == nullptr) {
    return -1;
  }
  auto* root = new fs::path(name);
  fs::create_directories(*root / "plugins");
  fs::create_directories(*root / "transports");
  *state = root;
  return 0;
}

int remove_folder(void** state) {
  auto* root = static_cast<fs::path*>(*state);
  fs::remove_all(*root);
  delete root;
  return 0;
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

const fs::path& root_of(void** state) { return *static_cast<fs::path*>(*state); }

void a_folder_gives_each_set_its_own_file(void** state) {
  const fs::path& root = root_of(state);
  write_file(root / "cardea.conf", "[media]\nudp_port = 20000\n[videoroom]\nstring_ids = yes\n");
  write_file(root / "transports/websocket.conf", "[websocket]\nport = 1\n");
  write_file(root / "plugins/other.conf", "[x]\ny = 1\n");
  const Loaded loaded = Config::load(root.string(), kSets, {});
  assert_int_equal(loaded.errors.size(), 0);
  assert_int_equal(loaded.config.integer("media", "udp_port"), 20000);
  assert_int_equal(loaded.config.integer("websocket", "port"), 1);
  assert_true(loaded.config.boolean("videoroom", "string_ids"));
  assert_int_equal(loaded.warnings.size(), 1);
  assert_non_null(std::strstr(loaded.warnings[0].c_str(), "no loaded module reads this file"));
}

void a_single_file_holds_all_sections(void** state) {
  const fs::path file = root_of(state) / "all.conf";
  write_file(file, "[media]\nudp_port = 3\n[websocket]\nport = 4\n[room-1]\npin = x\n");
  const Loaded loaded = Config::load(file.string(), kSets, {});
  assert_int_equal(loaded.errors.size(), 0);
  assert_int_equal(loaded.config.integer("websocket", "port"), 4);
  assert_string_equal(loaded.config.text("room-1", "pin").c_str(), "x");
}

void a_missing_path_is_an_error(void** state) {
  const Loaded loaded = Config::load((root_of(state) / "nothing").string(), kSets, {});
  assert_int_equal(loaded.errors.size(), 1);
  assert_non_null(std::strstr(loaded.errors[0].c_str(), "cannot be opened"));
}

void a_secret_comes_from_the_file_that_a_variable_names(void** state) {
  const fs::path file = root_of(state) / "secret";
  write_file(file, "from-a-file\n");
  const Loaded loaded = Config::load("", kSets, {{"CARDEA_ADMIN_SECRET_FILE", file.string()}});
  assert_int_equal(loaded.errors.size(), 0);
  assert_string_equal(loaded.config.text("admin", "secret").c_str(), "from-a-file");
  const Loaded missing =
      Config::load("", kSets, {{"CARDEA_ADMIN_SECRET_FILE", file.string() + "-not"}});
  assert_int_equal(missing.errors.size(), 1);
  assert_non_null(std::strstr(missing.errors[0].c_str(), "CARDEA_ADMIN_SECRET_FILE: file "));
}

void the_process_environment_is_taken_by_prefix(void**) {
  setenv("CARDEA_TEST_ONLY", "a=b", 1);
  const Environment environment = process_environment();
  unsetenv("CARDEA_TEST_ONLY");
  assert_string_equal(environment.at("CARDEA_TEST_ONLY").c_str(), "a=b");
  assert_false(environment.contains("PATH"));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_folder_gives_each_set_its_own_file, make_folder,
                                      remove_folder),
      cmocka_unit_test_setup_teardown(a_single_file_holds_all_sections, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(a_missing_path_is_an_error, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(a_secret_comes_from_the_file_that_a_variable_names,
                                      make_folder, remove_folder),
      cmocka_unit_test(the_process_environment_is_taken_by_prefix),
  };
  return cmocka_run_group_tests_name("config/sources", tests, nullptr, nullptr);
}
