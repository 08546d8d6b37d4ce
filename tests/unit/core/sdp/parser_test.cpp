// Parser: what browsers write is understood, what threats M8 describe is
// refused quickly, and writing loses nothing.
#include "core/sdp/parser.hpp"

#include <chrono>
#include <cstring>
#include <string>

#include <time.h>

#include "core/sdp/writer.hpp"
#include "tests/support/cmocka.hpp"
#include "tests/unit/core/sdp/offers.hpp"

namespace {

using cardea::sdp::Description;
using cardea::sdp::Direction;
using cardea::sdp::MediaKind;
using cardea::sdp::parse;
using cardea::sdp::ParseLimits;
using cardea::sdp::Setup;
namespace offers = cardea::sdp::offers;

constexpr std::string_view kHead = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

std::string with_head(const std::string& rest) { return std::string(kHead) + rest; }

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += text;
  }
  return out;
}

Description must_parse(std::string_view text) {
  auto parsed = parse(text);
  if (!parsed) {
    fail_msg("%s", parsed.error().message.c_str());
  }
  return *std::move(parsed);
}

void reads_a_chromium_offer(void**) {
  const Description d = must_parse(offers::kChromium);
  assert_int_equal(d.media.size(), 3);
  assert_int_equal(d.bundle.size(), 3);
  assert_true(d.extmap_allow_mixed);
  const auto& audio = d.media[0];
  assert_true(audio.kind == MediaKind::Audio);
  assert_string_equal(audio.mid.c_str(), "0");
  assert_int_equal(audio.payload_types.size(), 8);
  assert_int_equal(audio.payload_types[0].channels, 2);
  assert_true(audio.transport.setup == Setup::ActPass);
  const auto& video = d.media[1];
  assert_int_equal(video.find_payload_type(96)->feedback.size(), 5);
  assert_string_equal(video.find_payload_type(97)->fmtp.c_str(), "apt=96");
  assert_int_equal(video.ssrc_groups.size(), 1);
  assert_int_equal(video.ssrcs.size(), 2);
  assert_true(d.media[2].kind == MediaKind::Application);
  assert_int_equal(d.media[2].sctp_port, 5000);
  assert_int_equal(d.media[2].max_message_size, 262144);
}

void reads_simulcast_by_rid(void**) {
  const Description d = must_parse(offers::kChromiumSimulcast);
  const auto& video = d.media[1];
  assert_int_equal(video.rids.size(), 3);
  assert_true(video.rids[0].send);
  assert_int_equal(video.simulcast.send.size(), 3);
  assert_string_equal(video.simulcast.send[2].c_str(), "l");
}

void reads_session_level_values_and_lf_line_ends(void**) {
  const Description d = must_parse(offers::kFirefox);
  assert_int_equal(d.transport.fingerprints.size(), 1);
  assert_string_equal(d.transport_of(d.media[1]).fingerprints[0].algorithm.c_str(), "sha-256");
  assert_string_equal(d.transport_of(d.media[1]).ice_ufrag.c_str(), "0a1b2c3d");
  assert_true(d.media[1].extmaps[3].direction == Direction::RecvOnly);
}

void reads_an_old_client_without_bundle_and_mid(void**) {
  const Description d = must_parse(offers::kPlanB);
  assert_false(d.has_bundle);
  assert_true(d.media[0].mid.empty());
  assert_string_equal(d.media[0].ssrcs[0].msid.c_str(), "stream track1");
  assert_string_equal(d.media[0].payload_types[1].name.c_str(), "PCMU");
  assert_string_equal(d.media[0].transport.fingerprints[0].algorithm.c_str(), "sha-256");
}

void a_bundle_only_line_is_not_rejected_and_wildcard_feedback_counts(void**) {
  const Description d = must_parse(offers::kWhip);
  assert_false(d.media[1].rejected());
  assert_int_equal(d.media[1].find_payload_type(96)->feedback.size(), 3);
}

void writing_and_reading_again_gives_the_same(void**) {
  for (const auto offer : {offers::kChromium, offers::kChromiumSimulcast, offers::kFirefox,
                           offers::kAiortc, offers::kPlanB, offers::kWhip}) {
    const Description once = must_parse(offer);
    const Description twice = must_parse(write(once));
    assert_true(once == twice);
    assert_string_equal(write(once).c_str(), write(twice).c_str());
  }
}

struct Bad {
  std::string text;
  const char* reason;
};

void refuses_bad_values_with_line_and_reason(void**) {
  const std::string audio = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";
  const Bad table[] = {
      {"", "empty"},
      {"hello", "line 1"},
      {with_head("m=audio 9 UDP/TLS/RTP/SAVPF 999999\r\n"), "line 5: payload type"},
      {with_head("m=audio 9 UDP/TLS/RTP/SAVPF 128\r\n"), "line 5: payload type"},
      {with_head("m=audio 9 UDP/TLS/RTP/SAVPF\r\n"), "without formats"},
      {with_head("m=audio 70000 UDP/TLS/RTP/SAVPF 0\r\n"), "port"},
      {with_head("m=audio\r\n"), "port"},
      {with_head(audio + "a=rtpmap:300 opus/48000/2\r\n"), "line 6: payload type"},
      {with_head(audio + "a=rtpmap:111 opus\r\n"), "a=rtpmap"},
      {with_head(audio + "a=rtpmap:111 opus/99999999999\r\n"), "a=rtpmap"},
      {with_head(audio + "a=mid:0\r\n" + audio + "a=mid:0\r\n"), "line 8: duplicate mid"},
      {with_head(audio + "a=mid:\r\n"), "a=mid"},
      {with_head(audio + "a=ssrc:99999999999 cname:x\r\n"), "a=ssrc"},
      {with_head(audio + "a=extmap:0 urn:x\r\n"), "extension id"},
      {with_head(audio + "a=extmap:-1 urn:x\r\n"), "extension id"},
      {with_head(audio + "a=setup:maybe\r\n"), "a=setup"},
      {with_head(audio + "a=fingerprint:sha-256 zz\r\n"), "fingerprint"},
      {with_head(audio + "a=rid:h sideways\r\n"), "a=rid"},
      {with_head(audio + "b=AS:lots\r\n"), "b=AS"},
      {with_head("a=x\x01y\r\n"), "control character"},
      {with_head("garbage\r\n"), "x=..."},
      {with_head("a=fmtp:" + std::string(9000, 'x') + "\r\n"), "line 5: line is too long"},
  };
  for (const Bad& row : table) {
    const auto parsed = parse(row.text);
    assert_false(parsed.ok());
    if (parsed.error().message.find(row.reason) == std::string::npos) {
      fail_msg("'%s' does not say '%s'", parsed.error().message.c_str(), row.reason);
    }
  }
}

// Of this thread, not of the wall: a busy machine must not fail the test.
std::chrono::nanoseconds cpu_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// 50 ms for the product; instrumented code without optimisation is several times slower.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::chrono::milliseconds kBombBudget{250};
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::chrono::milliseconds kBombBudget{250};
#else
constexpr std::chrono::milliseconds kBombBudget{50};
#endif
#else
constexpr std::chrono::milliseconds kBombBudget{50};
#endif

void refuses_bombs_in_little_cpu_time(void**) {
  const std::string audio = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";
  std::string types = "m=video 9 UDP/TLS/RTP/SAVPF";
  for (int i = 0; i < 100; ++i) {
    types += " " + std::to_string(i);
  }
  const std::string candidate = "a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n";
  const Bad table[] = {
      {with_head(audio + repeated(candidate, 10'000)), "bytes is too long"},
      {with_head(audio + repeated(candidate, 257)), "too many attributes"},
      {with_head(repeated(audio, 1'000)), "too many m-lines"},
      {with_head(types + "\r\n"), "too many payload types"},
      {with_head(repeated("a=x\r\n", 257)), "too many attributes"},
      {with_head(repeated("a=extmap:1 urn:x\r\na=extmap:2 urn:y\r\n", 128)), ""},
      {with_head("a=group:BUNDLE" + std::string(100'000, ' ') + "\r\n"), "line is too long"},
      {std::string(std::size_t{64} * 1024 * 1024, '\n'), "bytes is too long"},
      {with_head(std::string(120'000, '\n') + "x"), "x=..."},
  };
  for (const Bad& row : table) {
    const auto start = cpu_time();
    const auto parsed = parse(row.text);
    assert_true(cpu_time() - start < kBombBudget);
    assert_true(parsed.ok() == (*row.reason == '\0'));
    if (!parsed.ok()) {
      assert_non_null(std::strstr(parsed.error().message.c_str(), row.reason));
    }
  }
}

void keeps_at_most_32_candidates(void**) {
  const std::string audio = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";
  const auto d = must_parse(
      with_head(audio + repeated("a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n", 200)));
  assert_int_equal(d.media[0].candidates.size(), 32);
}

void an_answer_may_have_as_many_lines_as_our_offer(void**) {
  const std::string text =
      with_head(repeated("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n", 300));
  assert_false(parse(text).ok());
  assert_true(parse(text, cardea::sdp::answer_limits(300)).ok());
  assert_false(parse(text, cardea::sdp::answer_limits(299)).ok());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(reads_a_chromium_offer),
      cmocka_unit_test(reads_simulcast_by_rid),
      cmocka_unit_test(reads_session_level_values_and_lf_line_ends),
      cmocka_unit_test(reads_an_old_client_without_bundle_and_mid),
      cmocka_unit_test(a_bundle_only_line_is_not_rejected_and_wildcard_feedback_counts),
      cmocka_unit_test(writing_and_reading_again_gives_the_same),
      cmocka_unit_test(refuses_bad_values_with_line_and_reason),
      cmocka_unit_test(refuses_bombs_in_little_cpu_time),
      cmocka_unit_test(keeps_at_most_32_candidates),
      cmocka_unit_test(an_answer_may_have_as_many_lines_as_our_offer),
  };
  return cmocka_run_group_tests_name("sdp/parser", tests, nullptr, nullptr);
}
