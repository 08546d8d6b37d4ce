// Module files are put in the order in which they need each other.
#include "core/modules/library.hpp"

#include <array>
#include <cstring>

#include "tests/support/cmocka.hpp"

namespace {

using cardea::modules::Library;
using cardea::modules::order_by_requirements;

constexpr std::array<const char*, 2> kNeedsBase{"example.base", nullptr};
constexpr std::array<const char*, 2> kNeedsAlias{"example.alias", nullptr};
constexpr std::array<const char*, 2> kNeedsTop{"example.top", nullptr};

cardea_module_info_t info(const char* id, const char* const* needs,
                          const char* const* aliases = nullptr) {
  cardea_module_info_t out{};
  out.id = id;
  out.requires_ids = needs;
  out.aliases = aliases;
  return out;
}

void what_is_required_comes_first_by_id_or_alias(void**) {
  const auto base = info("example.base", nullptr, kNeedsAlias.data());
  const auto top = info("example.top", kNeedsAlias.data());
  const auto ordered = order_by_requirements({{"top", "", &top}, {"base", "", &base}});
  assert_true(ordered.ok());
  assert_string_equal((*ordered)[0].name.c_str(), "base");
  assert_string_equal((*ordered)[1].name.c_str(), "top");
}

void a_missing_one_is_named_with_who_wants_it(void**) {
  const auto top = info("example.top", kNeedsBase.data());
  const auto ordered = order_by_requirements({{"top", "", &top}});
  assert_false(ordered.ok());
  assert_non_null(strstr(ordered.error().message.c_str(), "top requires example.base"));
}

void a_cycle_is_named_with_its_members(void**) {
  const auto base = info("example.base", kNeedsTop.data());
  const auto top = info("example.top", kNeedsBase.data());
  const auto ordered = order_by_requirements({{"top", "", &top}, {"base", "", &base}});
  assert_false(ordered.ok());
  assert_non_null(strstr(ordered.error().message.c_str(), "top -> base -> top"));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_is_required_comes_first_by_id_or_alias),
      cmocka_unit_test(a_missing_one_is_named_with_who_wants_it),
      cmocka_unit_test(a_cycle_is_named_with_its_members),
  };
  return cmocka_run_group_tests_name("modules/library", tests, nullptr, nullptr);
}
