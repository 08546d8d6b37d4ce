// Where a server may ask, and where programs may be told a code.
#include "plugins/auth/oauth/native.hpp"
#include "plugins/auth/oauth/provider.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::auth::oauth;

Provider keycloak() {
  Provider out;
  out.issuer = "https://login.example.org/realms/people";
  out.token_url = "https://tokens.example.org:8443/token";
  out.hosts = {"keys.example.org"};
  return out;
}

void only_hosts_of_the_provider_are_asked(void**) {
  const Provider provider = keycloak();
  for (const char* good : {"https://login.example.org/x", "https://LOGIN.example.org:443/",
                           "https://keys.example.org/k", "https://tokens.example.org:8443/other"}) {
    assert_true(provider.may_reach(good));
  }
  for (const char* bad :
       {"http://login.example.org/", "https://login.example.org:444/",
        "https://tokens.example.org/", "https://evil.example/",
        "https://login.example.org@evil.example/", "https://user@login.example.org/",
        "https://login.example.org.evil.example/", "https://127.0.0.1/", "https://[::1]/",
        "file:///etc/passwd", "gopher://login.example.org/", "//login.example.org/",
        "login.example.org", "javascript:alert(1)", ""}) {
    assert_false(provider.may_reach(bad));
  }
}

void http_is_asked_only_where_the_issuer_is_http(void**) {
  Provider provider = keycloak();
  provider.issuer = "http://127.0.0.1:3000";
  assert_true(provider.may_reach("http://127.0.0.1:3000/token"));
  assert_false(provider.may_reach("http://127.0.0.1:3001/token"));
  assert_false(provider.may_reach("http://127.0.0.1/token"));
}

void programs_are_told_at_listed_addresses_only(void**) {
  const std::vector<std::string> list{"http://127.0.0.1/callback", "http://[::1]/callback",
                                      "cardea://login", "http://127.0.0.1:8080/exact"};
  for (const char* good :
       {"http://127.0.0.1/callback", "http://127.0.0.1:1/callback", "http://[::1]:65535/callback",
        "cardea://login", "http://127.0.0.1:8080/exact"}) {
    assert_true(is_listed(good, list));
  }
  for (const char* bad :
       {"http://127.0.0.1:/callback", "http://127.0.0.1:123456/callback",
        "http://127.0.0.1:8081/exact", "http://127.0.0.1/exact",
        "http://127.0.0.1:80@evil.example/callback", "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:80/callback?x=1", "https://127.0.0.1:80/callback", "http://127.0.0.1:80",
        "cardea://login/", ""}) {
    assert_false(is_listed(bad, list));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(only_hosts_of_the_provider_are_asked),
      cmocka_unit_test(http_is_asked_only_where_the_issuer_is_http),
      cmocka_unit_test(programs_are_told_at_listed_addresses_only),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
