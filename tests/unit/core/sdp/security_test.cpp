// Threats M3 as a table: what may connect and what may not.
#include "core/sdp/security.hpp"

#include <string>

#include "core/sdp/parser.hpp"
#include "tests/support/cmocka.hpp"
#include "tests/unit/core/sdp/offers.hpp"

namespace {

namespace offers = cardea::sdp::offers;

constexpr const char* kSha256 =
    "a=fingerprint:sha-256 "
    "3C:4A:11:F2:6B:7D:8E:9F:00:1A:2B:3C:4D:5E:6F:70:81:92:A3:B4:C5:D6:E7:F8:"
    "09:1B:2D:3F:40:52:64:76\r\n";
constexpr const char* kSha1 =
    "a=fingerprint:sha-1 "
    "3C:4A:11:F2:6B:7D:8E:9F:00:1A:2B:3C:4D:5E:6F:70:81:92:A3:B4\r\n";
constexpr const char* kShort = "a=fingerprint:sha-256 3C:4A:11:F2\r\n";
constexpr const char* kIce = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n";
constexpr const char* kCrypto =
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 "
    "inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR\r\n";
constexpr const char* kSecure = "UDP/TLS/RTP/SAVPF";

struct Row {
  const char* what;
  const char* protocol;
  std::string attributes;
  bool is_answer;
  bool secure;
};

bool is_secure(const Row& row) {
  const std::string text = std::string("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n") +
                           "m=audio 9 " + row.protocol + " 0\r\n" + row.attributes;
  const auto parsed = cardea::sdp::parse(text);
  return parsed.ok() && check_secure(*parsed, row.is_answer).ok();
}

void allows_only_authenticated_dtls(void**) {
  const std::string ice = kIce;
  const std::string good = ice + kSha256;
  const Row table[] = {
      {"sha-256", kSecure, good + "a=setup:actpass\r\n", false, true},
      {"sha-256 beside sha-1", kSecure, good + kSha1, false, true},
      {"old spelling with fingerprint", "RTP/SAVPF", good, false, true},
      {"answer active", kSecure, good + "a=setup:active\r\n", true, true},
      {"no fingerprint", kSecure, ice, false, false},
      {"sha-1 only", kSecure, ice + kSha1, false, false},
      {"sha-256 that is too short", kSecure, ice + kShort, false, false},
      {"plain RTP", "RTP/AVP", good, false, false},
      {"plain RTP with feedback", "RTP/AVPF", good, false, false},
      {"SDES keys only", "RTP/SAVPF", ice + kCrypto, false, false},
      {"holdconn", kSecure, good + "a=setup:holdconn\r\n", false, false},
      {"answer actpass", kSecure, good + "a=setup:actpass\r\n", true, false},
      {"no ICE", kSecure, kSha256, false, false},
      {"one-letter ufrag", kSecure,
       std::string("a=ice-ufrag:a\r\na=ice-pwd:0123456789012345678901\r\n") + kSha256, false,
       false},
      {"short password", kSecure, std::string("a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n") + kSha256,
       false, false},
  };
  for (const Row& row : table) {
    if (is_secure(row) != row.secure) {
      fail_msg("%s", row.what);
    }
  }
}

void allows_what_real_clients_offer(void**) {
  for (const auto offer : {offers::kChromium, offers::kChromiumSimulcast, offers::kFirefox,
                           offers::kAiortc, offers::kPlanB, offers::kWhip}) {
    assert_true(check_secure(*cardea::sdp::parse(offer)).ok());
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(allows_only_authenticated_dtls),
      cmocka_unit_test(allows_what_real_clients_offer),
  };
  return cmocka_run_group_tests_name("sdp/security", tests, nullptr, nullptr);
}
