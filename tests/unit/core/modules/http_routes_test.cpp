// What the host answers over HTTP by itself.
#include "core/modules/http_routes.hpp"

#include <cstring>

#include "tests/support/cmocka.hpp"

namespace {

using cardea::metrics::Registry;
using cardea::modules::HttpRequest;
using cardea::modules::HttpRoutes;

HttpRequest get(const char* path, const char* authorization = "", bool admin = false) {
  HttpRequest request{"GET", path};
  request.headers = {{"authorization", authorization}};
  request.admin = admin;
  return request;
}

void metrics_are_shown_on_the_admin_port_and_elsewhere_only_with_the_token(void**) {
  Registry registry;
  registry.counter("cardea_test_total", "A test.").add(3);
  const HttpRoutes routes(registry, "word", [] { return true; });
  assert_int_equal(routes.answer(get("/metrics", "", true)).status, 200);
  assert_non_null(
      strstr(routes.answer(get("/metrics", "", true)).body.c_str(), "cardea_test_total 3"));
  assert_int_equal(routes.answer(get("/metrics")).status, 401);
  assert_int_equal(routes.answer(get("/metrics", "Bearer wors")).status, 401);
  assert_int_equal(routes.answer(get("/metrics", "Bearer word")).status, 200);
  const HttpRoutes closed(registry, "", [] { return true; });
  assert_int_equal(closed.answer(get("/metrics", "Bearer ")).status, 404);
}

void readiness_ends_when_the_server_drains_and_health_does_not(void**) {
  Registry registry;
  bool ready = true;
  const HttpRoutes routes(registry, "", [&ready] { return ready; });
  assert_int_equal(routes.answer(get("/readyz")).status, 200);
  ready = false;
  assert_int_equal(routes.answer(get("/readyz")).status, 503);
  assert_int_equal(routes.answer(get("/healthz")).status, 200);
}

void unknown_paths_and_methods_are_refused(void**) {
  Registry registry;
  const HttpRoutes routes(registry, "", [] { return true; });
  assert_int_equal(routes.answer(get("/api/v1/unknown")).status, 404);
  assert_int_equal(routes.answer({"POST", "/healthz"}).status, 405);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(metrics_are_shown_on_the_admin_port_and_elsewhere_only_with_the_token),
      cmocka_unit_test(readiness_ends_when_the_server_drains_and_health_does_not),
      cmocka_unit_test(unknown_paths_and_methods_are_refused),
  };
  return cmocka_run_group_tests_name("modules/http_routes", tests, nullptr, nullptr);
}
