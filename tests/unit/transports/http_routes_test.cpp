// Which request goes where, and which paths are no file names.
#include <string>
#include <variant>

#include "tests/support/cmocka.hpp"
#include "transports/http/routes.hpp"

namespace {

using namespace cardea::http;

Route route(const char* method, const char* target) { return find_route(method, target, "/janus"); }

void janus_paths_name_session_and_handle(void**) {
  const auto root = std::get<JanusMessage>(route("POST", "/janus"));
  assert_int_equal(root.session, 0);
  const auto both = std::get<JanusMessage>(route("POST", "/janus/12/34?x=y"));
  assert_int_equal(both.session, 12);
  assert_int_equal(both.handle, 34);
  assert_true(std::holds_alternative<JanusMessage>(route("POST", "/janus/")));
  assert_true(std::holds_alternative<JanusInfo>(route("GET", "/janus/info")));
  assert_true(std::holds_alternative<Preflight>(route("OPTIONS", "/janus/12")));
}

void ids_are_whole_numbers_up_to_2_to_the_53(void**) {
  assert_int_equal(std::get<JanusMessage>(route("POST", "/janus/9007199254740991")).session,
                   9007199254740991);
  for (const char* bad :
       {"/janus/9007199254740992", "/janus/0", "/janus/-1", "/janus/+1", "/janus/1x", "/janus/ 1",
        "/janus//", "/janus/1/", "/janus/1/2/3", "/janus/99999999999999999999999999"}) {
    assert_int_equal(std::get<JanusError>(route("POST", bad)).code, 457);
  }
}

void a_poll_takes_maxev_within_bounds(void**) {
  const auto events = [](const char* target) {
    return std::get<JanusPoll>(route("GET", target)).max_events;
  };
  assert_int_equal(events("/janus/5"), 1);
  assert_int_equal(events("/janus/5?rid=1&maxev=10"), 10);
  assert_int_equal(events("/janus/5?maxev=10&rid=1"), 10);
  assert_int_equal(events("/janus/5?maxev=0"), 1);
  assert_int_equal(events("/janus/5?maxev=-1"), 1);
  assert_int_equal(events("/janus/5?maxev=abc&"), 1);
  assert_int_equal(events("/janus/5?maxev=4294967297"), 100);
  assert_int_equal(events("/janus/5?&&maxev"), 1);
}

void a_poll_carries_secret_and_token_decoded(void**) {
  const auto poll =
      std::get<JanusPoll>(route("GET", "/janus/5?rid=1&token=1%2Cjanus%3Ax+y=&apisecret=a%20b"));
  assert_string_equal(poll.token.c_str(), "1,janus:x+y=");
  assert_string_equal(poll.apisecret.c_str(), "a b");
  assert_string_equal(std::get<JanusPoll>(route("GET", "/janus/5?tokens=1&token=%2")).token.c_str(),
                      "");
}

void methods_that_the_api_lacks_are_told_so(void**) {
  assert_int_equal(std::get<JanusError>(route("DELETE", "/janus/1")).code, 450);
  assert_int_equal(std::get<JanusError>(route("GET", "/janus")).status, 405);
}

void the_rest_goes_to_the_host_or_to_the_files(void**) {
  for (const char* path : {"/", "/metrics", "/api/v1/users", "/janusx", "/rooms/1"}) {
    assert_true(std::holds_alternative<Other>(route("GET", path)));
  }
  assert_true(std::holds_alternative<ClientSettings>(route("GET", "/cardea.json")));
  assert_true(std::holds_alternative<Other>(find_route("GET", "/janus/info", "")));
}

void a_target_that_is_no_path_is_bad(void**) {
  for (const char* target : {"", "*", "http://evil/", "janus", "?x"}) {
    assert_true(std::holds_alternative<BadTarget>(route("GET", target)));
  }
}

void file_paths_are_decoded_once(void**) {
  assert_string_equal(file_path("/a%20b/c.js")->c_str(), "a b/c.js");
  assert_string_equal(file_path("/%252e.js")->c_str(), "%2e.js");
  assert_string_equal(file_path("/")->c_str(), "");
}

void paths_that_could_leave_the_folder_are_none(void**) {
  for (const char* path :
       {"",          "a",       "/..",       "/../x", "/a/../b", "/.env", "/a/.git",
        "/%2e%2e/x", "/%2E./x", "/a%2f../b", "/a\\b", "/a%5cb",  "//a",   "/a//b",
        "/a%00",     "/a%0a",   "/a%7f",     "/%",    "/%4",     "/%zz"}) {
    assert_false(file_path(path).has_value());
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(janus_paths_name_session_and_handle),
      cmocka_unit_test(ids_are_whole_numbers_up_to_2_to_the_53),
      cmocka_unit_test(a_poll_takes_maxev_within_bounds),
      cmocka_unit_test(a_poll_carries_secret_and_token_decoded),
      cmocka_unit_test(methods_that_the_api_lacks_are_told_so),
      cmocka_unit_test(the_rest_goes_to_the_host_or_to_the_files),
      cmocka_unit_test(a_target_that_is_no_path_is_bad),
      cmocka_unit_test(file_paths_are_decoded_once),
      cmocka_unit_test(paths_that_could_leave_the_folder_are_none),
  };
  return cmocka_run_group_tests_name("http/routes", tests, nullptr, nullptr);
}
