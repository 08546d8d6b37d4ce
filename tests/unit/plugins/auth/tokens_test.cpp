// Tokens as bytes: JSON Web Tokens, one-time passwords, and the challenge of a login at another
// server.
#include <cardea/sdk/json.hpp>

#include "plugins/auth/access_tokens.hpp"
#include "plugins/auth/crypto.hpp"
#include "plugins/auth/jwt.hpp"
#include "plugins/auth/oauth/pkce.hpp"
#include "plugins/auth/totp.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::auth;

namespace {

constexpr std::int64_t kNow = 1'700'000'000;
const std::string kSecret = "unit-test-secret-0123456789-abcdef";
const std::string kOlder = "unit-test-older--0123456789-abcdef";

AccessTokens tokens(std::vector<std::string> secrets = {kSecret}) {
  return AccessTokens({"cardea", "clients", std::move(secrets)});
}
Access alice() { return {"u1", "alice", CARDEA_RANK_MODERATOR, "s1", 3, "t1", 0}; }

// The same token with other claims or another header, signed with the right secret.
std::string forge(const char* header, const Json& claims, const std::string& secret = kSecret) {
  const std::string text = base64url(header) + "." + base64url(claims.dump());
  return text + "." + base64url(hmac_sha256(secret, text));
}

void what_was_issued_is_read(void**) {
  const std::string token = tokens().issue(alice(), kNow, 300);
  const auto read = tokens().read(token, kNow);
  assert_true(static_cast<bool>(read));
  assert_string_equal(read->user.c_str(), "u1");
  assert_string_equal(read->name.c_str(), "alice");
  assert_string_equal(read->session.c_str(), "s1");
  assert_string_equal(read->token.c_str(), "t1");
  assert_int_equal(read->rank, CARDEA_RANK_MODERATOR);
  assert_int_equal(read->generation, 3);
  assert_int_equal(read->expires, kNow + 300);
}

void a_token_lives_from_its_start_to_its_end_and_clocks_may_differ_by_a_minute(void**) {
  const std::string token = tokens().issue(alice(), kNow, 300);
  assert_true(static_cast<bool>(tokens().read(token, kNow + 300 + jwt::kSkew - 1)));
  assert_false(static_cast<bool>(tokens().read(token, kNow + 300 + jwt::kSkew)));
  assert_true(static_cast<bool>(tokens().read(token, kNow - jwt::kSkew)));
  assert_false(static_cast<bool>(tokens().read(token, kNow - jwt::kSkew - 1)));
}

void the_secret_before_is_good_and_others_are_not(void**) {
  const std::string old = tokens({kOlder}).issue(alice(), kNow, 300);
  assert_true(static_cast<bool>(tokens({kSecret, kOlder}).read(old, kNow)));
  assert_false(static_cast<bool>(tokens().read(old, kNow)));
}

// Each token is right but for one thing.
void forged_tokens_are_refused(void**) {
  const std::string good = tokens().issue(alice(), kNow, 300);
  const auto parts = jwt::take_apart(good);
  assert_true(static_cast<bool>(parts));
  const std::string header = R"({"alg":"HS256","typ":"JWT","kid":")" + parts->key_id + "\"}";
  const auto with = [&](const char* name, const Json& value) {
    Json claims = *Json::parse(parts->claims.dump());
    return forge(header.c_str(), claims.set(name, value));
  };
  assert_true(static_cast<bool>(tokens().read(with("extra", 1), kNow)));
  for (const char* odd :
       {R"({"alg":"none","typ":"JWT"})", R"({"alg":"HS512","typ":"JWT"})",
        R"({"alg":"RS256","typ":"JWT"})", R"({"alg":"hs256","typ":"JWT"})",
        R"({"alg":["HS256"],"typ":"JWT"})", R"({"typ":"JWT"})", R"({"alg":"HS256","typ":"at+jwt"})",
        R"({"alg":"HS256","kid":7})", R"({"alg":"HS256","kid":"other"})", R"({"alg":"HS256"})",
        R"({"alg":"HS256","crit":["exp"]})", R"({"alg":"HS256","jku":"https://example.org"})",
        R"({"alg":"HS256","jwk":{"kty":"oct"}})", R"({"alg":"HS256","zip":"DEF"})", "[]", "{",
        ""}) {
    assert_false(static_cast<bool>(tokens().read(forge(odd, parts->claims), kNow)));
  }
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, Json>>{{"iss", "others"},
                                                 {"aud", "others"},
                                                 {"type", "refresh"},
                                                 {"role", "root"},
                                                 {"role", ""},
                                                 {"sub", ""},
                                                 {"sub", 7},
                                                 {"sid", ""},
                                                 {"jti", ""},
                                                 {"gen", "3"},
                                                 {"exp", kNow - 61},
                                                 {"exp", std::to_string(kNow + 300)},
                                                 {"nbf", kNow + 61},
                                                 {"iat", kNow + 61}}) {
    assert_false(static_cast<bool>(tokens().read(with(name, value), kNow)));
  }
  const std::string body = good.substr(0, good.rfind('.'));
  for (const std::string& broken :
       {std::string(), std::string("."), std::string(".."), body, body + ".", good + "=",
        good + ".x", good + " ", " " + good, body + "." + base64url(std::string(32, '\0')),
        forge(header.c_str(), parts->claims, ""), forge(header.c_str(), parts->claims, kOlder),
        good + std::string(jwt::kLongest, 'A')}) {
    assert_false(static_cast<bool>(tokens().read(broken, kNow)));
  }
}

// RFC 7515, appendix A.1: the signature of another implementation.
void a_token_of_the_standard_is_verified(void**) {
  const std::string text =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
      ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnV"
      "lfQ";
  const auto key = from_base64url(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const auto parts = jwt::take_apart(text + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  assert_true(parts && key);
  assert_true(jwt::signed_by(*parts, *key));
  assert_false(jwt::signed_by(*parts, *key + "x"));
  assert_false(static_cast<bool>(jwt::check_times(parts->claims, kNow)));
  assert_true(static_cast<bool>(jwt::check_times(parts->claims, 1'300'819'379)));
}

// RFC 6238, appendix B, the column of SHA-1.
void codes_are_those_of_rfc_6238(void**) {
  const std::string key = "12345678901234567890";
  for (const auto& [time, code] :
       std::vector<std::pair<std::int64_t, const char*>>{{59, "94287082"},
                                                         {1'111'111'109, "07081804"},
                                                         {1'111'111'111, "14050471"},
                                                         {1'234'567'890, "89005924"},
                                                         {2'000'000'000, "69279037"},
                                                         {20'000'000'000, "65353130"}}) {
    assert_string_equal(totp::code_at(key, time / totp::kStep, 8).c_str(), code);
    assert_string_equal(totp::code_at(key, time / totp::kStep).c_str(), code + 2);
  }
}

void a_code_counts_for_its_step_and_the_neighbours_and_once(void**) {
  const std::string key = "12345678901234567890";
  const std::int64_t step = kNow / totp::kStep;
  for (const std::int64_t near : {step - 1, step, step + 1}) {
    assert_true(totp::matching_step(key, totp::code_at(key, near), kNow, 0) == near);
    assert_false(totp::matching_step(key, totp::code_at(key, near), kNow, near).has_value());
  }
  for (const std::int64_t far : {step - 2, step + 2}) {
    assert_false(totp::matching_step(key, totp::code_at(key, far), kNow, 0).has_value());
  }
  for (const char* odd : {"", "12345", "1234567", "abcdef"}) {
    assert_false(totp::matching_step(key, odd, kNow, 0).has_value());
  }
}

// RFC 4648, section 10.
void base32_is_that_of_rfc_4648(void**) {
  for (const auto& [bytes, text] : std::vector<std::pair<const char*, const char*>>{
           {"", ""}, {"f", "MY"}, {"fo", "MZXQ"}, {"foob", "MZXW6YQ"}, {"foobar", "MZXW6YTBOI"}}) {
    assert_string_equal(totp::base32(bytes).c_str(), text);
    assert_string_equal(totp::from_base32(text)->c_str(), bytes);
  }
  assert_false(totp::from_base32("mzxq1").has_value());
}

// RFC 7636, appendix B.
void the_challenge_is_that_of_rfc_7636(void**) {
  assert_string_equal(oauth::pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").c_str(),
                      "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

void base64url_has_one_spelling(void**) {
  assert_string_equal(base64url("\xff\xfe").c_str(), "__4");
  assert_true(from_base64url("__4").has_value());
  for (const char* odd : {"__5", "__4=", "//4", "__4 ", "_"}) {
    assert_false(from_base64url(odd).has_value());
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_was_issued_is_read),
      cmocka_unit_test(a_token_lives_from_its_start_to_its_end_and_clocks_may_differ_by_a_minute),
      cmocka_unit_test(the_secret_before_is_good_and_others_are_not),
      cmocka_unit_test(forged_tokens_are_refused),
      cmocka_unit_test(a_token_of_the_standard_is_verified),
      cmocka_unit_test(codes_are_those_of_rfc_6238),
      cmocka_unit_test(a_code_counts_for_its_step_and_the_neighbours_and_once),
      cmocka_unit_test(base32_is_that_of_rfc_4648),
      cmocka_unit_test(the_challenge_is_that_of_rfc_7636),
      cmocka_unit_test(base64url_has_one_spelling),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
