// Which operation answers a path: exact words before values, methods of one template, aliases.
#include "core/rest/catalog.hpp"

#include <array>

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;
using namespace cardea::rest;

cardea_rest_operation_t operation(const char* id, const char* method, const char* path,
                                  const char* const* aliases = nullptr) {
  cardea_rest_operation_t out{};
  out.id = id;
  out.method = method;
  out.path = path;
  out.aliases = aliases;
  return out;
}

template <std::size_t N>
Result<void> add(Catalog& catalog, const void* owner,
                 const std::array<cardea_rest_operation_t, N>& operations) {
  return catalog.add(owner, {sizeof(cardea_rest_t), operations.data(), N, nullptr, nullptr});
}

void exact_words_go_before_values(void**) {
  Catalog catalog({});
  const std::array operations{operation("rooms.show", "GET", "/rooms/{id}"),
                              operation("rooms.presence", "GET", "/rooms/presence"),
                              operation("rooms.drop", "DELETE", "/rooms/{id}"),
                              operation("members.mute", "PUT", "/rooms/{id}/members/{user}/mute")};
  assert_true(add(catalog, &catalog, operations).ok());
  assert_string_equal(catalog.find("GET", "/api/v1/rooms/presence").route->operation->id,
                      "rooms.presence");
  const auto shown = catalog.find("GET", "/api/v1/rooms/7");
  assert_string_equal(shown.route->operation->id, "rooms.show");
  assert_true(shown.values == PathValues({{"id", "7"}}));
  assert_string_equal(shown.methods.c_str(), "GET, DELETE");
  const auto muted = catalog.find("PUT", "/api/v1/rooms/7/members/u 1/mute");
  assert_true(muted.values == PathValues({{"id", "7"}, {"user", "u 1"}}));
  assert_string_equal(catalog.find("HEAD", "/api/v1/rooms/7").route->operation->id, "rooms.show");
}

void a_path_without_the_method_names_those_that_it_has(void**) {
  Catalog catalog({});
  const std::array operations{operation("rooms.show", "GET", "/rooms/{id}"),
                              operation("rooms.presence", "GET", "/rooms/presence")};
  assert_true(add(catalog, &catalog, operations).ok());
  const auto found = catalog.find("POST", "/api/v1/rooms/7");
  assert_null(found.route);
  assert_string_equal(found.methods.c_str(), "GET");
  for (const char* path :
       {"/api/v1/rooms", "/api/v1/rooms/", "/api/v1/rooms/7/8", "/rooms/7", "/"}) {
    assert_string_equal(catalog.find("GET", path).methods.c_str(), "");
  }
}

void a_path_that_is_taken_or_malformed_is_refused_whole(void**) {
  Catalog catalog({});
  const std::array first{operation("rooms.show", "GET", "/rooms/{id}")};
  assert_true(add(catalog, &first, first).ok());
  const std::array second{operation("other.fine", "GET", "/other"),
                          operation("other.show", "GET", "/rooms/{name}")};
  const auto refused = add(catalog, &second, second);
  assert_false(refused.ok());
  assert_string_equal(
      refused.error().message.c_str(),
      "operation other.show (GET /api/v1/rooms/{name}): another operation answers it");
  assert_int_equal(catalog.routes().size(), 1);
  const std::array odd{operation("x", "GET", "/x/")};
  assert_false(add(catalog, &odd, odd).ok());
  const std::array method{operation("x", "FETCH", "/x")};
  assert_false(add(catalog, &method, method).ok());
  const std::array free{operation("other.show", "GET", "/rooms/{name}")};
  catalog.forget(&first);
  assert_true(add(catalog, &free, free).ok());
}

void paths_of_replaced_systems_are_served_when_they_are_named(void**) {
  constexpr std::array kAliases{"hopp POST /api/sign-in", "dpc GET /profile/{id}",
                                static_cast<const char*>(nullptr)};
  const std::array operations{operation("auth.login", "POST", "/auth/login", kAliases.data())};
  Catalog without({});
  assert_true(add(without, &without, operations).ok());
  assert_false(without.matches("/api/sign-in"));
  assert_true(without.matches("/api/v1/whatever"));
  Catalog with({"hopp"});
  assert_true(add(with, &with, operations).ok());
  assert_true(with.matches("/api/sign-in"));
  assert_false(with.matches("/profile/1"));
  assert_string_equal(with.find("POST", "/api/sign-in").route->operation->id, "auth.login");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(exact_words_go_before_values),
      cmocka_unit_test(a_path_without_the_method_names_those_that_it_has),
      cmocka_unit_test(a_path_that_is_taken_or_malformed_is_refused_whole),
      cmocka_unit_test(paths_of_replaced_systems_are_served_when_they_are_named),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
