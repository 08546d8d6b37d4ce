// Which paths of a remote are kept.
#include "core/peer/path_set.hpp"

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::peer;
using namespace std::chrono_literals;

namespace {

constexpr Time kStart{100s};

Path path(std::size_t i) {
  return *Address::parse("192.0.2.1", static_cast<std::uint16_t>(1000 + i));
}

}  // namespace

static void the_path_checked_longest_ago_makes_room_but_never_the_one_in_use(void**) {
  PathSet set;
  for (std::size_t i = 0; i < PathSet::kMax; ++i) {
    assert_false(set.checked(path(i), path(0), kStart + 1s * i).has_value());
  }
  set.checked(path(1), path(0), kStart + 60s);
  const auto pushed_out = set.checked(path(99), path(0), kStart + 61s);
  assert_true(pushed_out.has_value() && *pushed_out == path(2));
  assert_int_equal(set.list().size(), PathSet::kMax);
  assert_true(set.contains(path(0)) && set.contains(path(1)) && !set.contains(path(2)));
  assert_true(set.newest() == path(99));
}

static void a_path_without_checks_is_forgotten(void**) {
  PathSet set;
  set.checked(path(0), path(0), kStart);
  set.checked(path(1), path(0), kStart);
  set.checked(path(2), path(0), kStart + 20s);
  assert_true(set.forget(path(0), kStart + 29s).empty());
  const auto forgotten = set.forget(path(0), kStart + 30s);
  assert_int_equal(forgotten.size(), 1);
  assert_true(forgotten[0] == path(1));
  assert_true(set.contains(path(0)) && set.contains(path(2)));
}

static void the_same_address_by_another_way_is_another_path(void**) {
  PathSet set;
  const Path udp(path(0).remote, 1);
  const Path tcp(path(0).remote, Path::kStream | 1);
  set.checked(udp, udp, kStart);
  assert_false(set.contains(tcp));
  set.remove(tcp);
  assert_true(set.contains(udp));
  set.remove(udp);
  assert_true(set.newest().empty());
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_path_checked_longest_ago_makes_room_but_never_the_one_in_use),
      cmocka_unit_test(a_path_without_checks_is_forgotten),
      cmocka_unit_test(the_same_address_by_another_way_is_another_path),
  };
  return cmocka_run_group_tests_name("peer/path_set", tests, nullptr, nullptr);
}
