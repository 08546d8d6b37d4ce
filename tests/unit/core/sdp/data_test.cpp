// Data channels in descriptions: the form of RFC 8841, the one before it, and both roles.
#include <string>

#include "core/sdp/answerer.hpp"
#include "core/sdp/negotiated.hpp"
#include "core/sdp/parser.hpp"
#include "core/sdp/security.hpp"
#include "core/sdp/writer.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::sdp;  // NOLINT: the folder under test

const std::string kHead =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "a=fingerprint:sha-256 "
    "3C:4A:11:F2:6B:7D:8E:9F:00:1A:2B:3C:4D:5E:6F:70:81:92:A3:B4:C5:D6:E7:F8:09:1B:2D:3F:40:52:64:"
    "76\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n";

Description parsed(const std::string& text) {
  auto out = parse(text);
  assert_true(out.ok());
  assert_true(check_secure(*out, false).ok());
  return *std::move(out);
}

LocalTransport our_transport() {
  LocalTransport transport;
  transport.ufrag = "abcdefgh";
  transport.pwd = "0123456789012345678901234567";
  transport.fingerprint_sha256 = "AA:BB";
  return transport;
}

LinePlan data_plan() {
  LinePlan plan;
  plan.kind = MediaKind::Application;
  return plan;
}

Description answer_to(const Description& offer) {
  const std::vector<LinePlan> plans(offer.media.size(), data_plan());
  auto answer = make_answer(offer, plans, our_transport());
  assert_true(answer.ok());
  return *std::move(answer);
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void data_alone_without_a_bundle_is_answered(void**) {
  const auto offer =
      parsed(kHead +
             "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n"
             "a=mid:0\r\na=sctp-port:5001\r\na=max-message-size:1000\r\n");
  const auto answer = answer_to(offer);
  const std::string text = write(answer);
  assert_true(has(text, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
  assert_true(has(text, "a=sctp-port:5001\r\n"));
  assert_true(has(text, "a=max-message-size:262144\r\n"));
  assert_false(has(text, "a=sctpmap"));
  const auto lines = negotiated(answer, offer);
  assert_int_equal(lines.size(), 1);
  assert_int_equal(lines[0].local_sctp_port, 5001);
  assert_int_equal(lines[0].remote_sctp_port, 5001);
  assert_int_equal(lines[0].remote_max_message, 1000);
}

void the_old_form_is_answered_in_the_old_form(void**) {
  const auto offer = parsed(kHead +
                            "m=application 9 DTLS/SCTP 5000\r\nc=IN IP4 0.0.0.0\r\na=mid:data\r\n"
                            "a=sctpmap:5000 webrtc-datachannel 1024\r\n");
  const auto answer = answer_to(offer);
  const std::string text = write(answer);
  assert_true(has(text, "m=application 9 DTLS/SCTP 5000\r\n"));
  assert_true(has(text, "a=sctpmap:5000 webrtc-datachannel "));
  assert_false(has(text, "a=sctp-port"));
  const auto lines = negotiated(answer, offer);
  assert_int_equal(lines[0].remote_sctp_port, 5000);
  // What holds when nobody says more.
  assert_int_equal(lines[0].remote_max_message, 65536);
}

void a_second_data_line_is_refused(void**) {
  const std::string line =
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n";
  const auto offer =
      parsed(kHead + "a=group:BUNDLE a b\r\n" + line + "a=mid:a\r\n" + line + "a=mid:b\r\n");
  const auto answer = answer_to(offer);
  assert_false(answer.media[0].rejected());
  assert_true(answer.media[1].rejected());
}

void what_is_no_sctp_is_refused(void**) {
  const auto offer =
      parsed(kHead + "m=application 9 UDP/TLS/BFCP x\r\na=mid:0\r\na=sctp-port:5000\r\n");
  assert_true(answer_to(offer).media[0].rejected());
}

void our_offer_can_be_of_data_alone(void**) {
  LinePlan plan = data_plan();
  plan.mid = "data";
  const auto offer = make_offer(std::vector{plan}, our_transport(), nullptr);
  const std::string text = write(offer);
  assert_true(has(text, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
  assert_true(has(text, "a=setup:actpass\r\n"));
  assert_true(has(text, "a=group:BUNDLE data\r\n"));
  const auto answer = answer_to(offer);
  const auto lines = negotiated(offer, answer);
  assert_int_equal(lines.size(), 1);
  assert_true(lines[0].direction == Direction::SendRecv);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(data_alone_without_a_bundle_is_answered),
      cmocka_unit_test(the_old_form_is_answered_in_the_old_form),
      cmocka_unit_test(a_second_data_line_is_refused),
      cmocka_unit_test(what_is_no_sctp_is_refused),
      cmocka_unit_test(our_offer_can_be_of_data_alone),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
