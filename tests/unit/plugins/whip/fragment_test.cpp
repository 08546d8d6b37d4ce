// Fragments of WHIP clients, and what is made of whole descriptions.
#include "plugins/whip/fragment.hpp"

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::whip;

constexpr const char* kGood =
    "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
    "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host\r\n"
    "a=candidate:2 1 udp 2130706431 192.0.2.2 5001 typ host\r\na=end-of-candidates\r\n";

constexpr const char* kOffer =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF "
    "111\r\na=mid:0\r\na=ice-ufrag:old1\r\na=ice-pwd:oldoldoldoldoldoldoldold\r\n"
    "a=candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\na=end-of-candidates\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF "
    "96\r\na=mid:1\r\na=ice-ufrag:old1\r\na=ice-pwd:oldoldoldoldoldoldoldold\r\n";

void a_fragment_is_read(void**) {
  const auto fragment = parse_fragment(kGood);
  assert_true(fragment.ok());
  assert_string_equal(fragment->credentials.ufrag.c_str(), "EsAw");
  assert_string_equal(fragment->credentials.pwd.c_str(), "P2uYro0UCOQ4zxjKXaWCBui1");
  assert_int_equal(fragment->candidates.size(), 2);
  assert_string_equal(fragment->candidates[1].mid.c_str(), "0");
  assert_string_equal(fragment->candidates[1].text.c_str(),
                      "candidate:2 1 udp 2130706431 192.0.2.2 5001 typ host");
  assert_true(fragment->end_of_candidates);
}

void line_ends_may_be_bare(void**) {
  const auto fragment = parse_fragment("a=ice-ufrag:EsAw\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n");
  assert_true(fragment.ok());
  assert_true(fragment->candidates.empty());
  assert_false(fragment->end_of_candidates);
}

void bad_fragments_are_refused(void**) {
  const std::string good(kGood);
  assert_false(parse_fragment("").ok());
  assert_false(parse_fragment("{}").ok());
  assert_false(parse_fragment("a=ice-ufrag:EsAw\r\n").ok());
  assert_false(parse_fragment("a=ice-ufrag:E\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n").ok());
  assert_false(parse_fragment("a=ice-ufrag:EsAw\r\na=ice-pwd:short\r\n").ok());
  assert_false(parse_fragment("a=ice-ufrag:Es w\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n").ok());
  assert_false(parse_fragment(good + "a=ice-ufrag:Else\r\n").ok());
  assert_false(parse_fragment(good + "nonsense\r\n").ok());
}

void fragments_are_bounded(void**) {
  std::string many(kGood);
  for (std::size_t i = 0; i < kMaxCandidates; ++i) {
    many += "a=candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\n";
  }
  assert_false(parse_fragment(many).ok());
  assert_false(parse_fragment(kGood + std::string(kMaxFragment, '\n')).ok());
}

void a_restart_changes_the_offer_in_every_m_line(void**) {
  const Credentials fresh{"new1", "newnewnewnewnewnewnewnew"};
  const std::string changed = with_credentials(kOffer, fresh);
  assert_true(credentials_of(changed) == fresh);
  assert_true(changed.find("old") == std::string::npos);
  assert_true(changed.find("candidate") == std::string::npos);
  assert_true(changed.find("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=ice-ufrag:new1\r\n") !=
              std::string::npos);
}

void the_answer_to_a_restart_is_the_ice_part_of_the_description(void**) {
  const std::string fragment = fragment_of(kOffer);
  assert_string_equal(fragment.c_str(),
                      "a=ice-ufrag:old1\r\na=ice-pwd:oldoldoldoldoldoldoldold\r\n"
                      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
                      "a=candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\na=end-of-candidates\r\n");
  assert_true(parse_fragment(fragment).ok());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_fragment_is_read),
      cmocka_unit_test(line_ends_may_be_bare),
      cmocka_unit_test(bad_fragments_are_refused),
      cmocka_unit_test(fragments_are_bounded),
      cmocka_unit_test(a_restart_changes_the_offer_in_every_m_line),
      cmocka_unit_test(the_answer_to_a_restart_is_the_ice_part_of_the_description),
  };
  return cmocka_run_group_tests_name("whip/fragment", tests, nullptr, nullptr);
}
