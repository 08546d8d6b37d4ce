// Offer and answer: what we answer to real offers, what we offer, and what both
// sides then understand.
#include "core/sdp/answerer.hpp"

#include <cstring>
#include <string>

#include "core/sdp/negotiated.hpp"
#include "core/sdp/parser.hpp"
#include "core/sdp/security.hpp"
#include "core/sdp/writer.hpp"
#include "tests/support/cmocka.hpp"
#include "tests/unit/core/sdp/offers.hpp"

namespace {

using namespace cardea::sdp;  // NOLINT: the folder under test
using cardea::rtp::Codec;
using cardea::rtp::ExtensionKind;

LocalTransport make_transport() {
  LocalTransport transport;
  transport.ufrag = "abcdefgh";
  transport.pwd = "0123456789012345678901234567";
  transport.fingerprint_sha256 =
      "3C:4A:11:F2:6B:7D:8E:9F:00:1A:2B:3C:4D:5E:6F:"
      "70:81:92:A3:B4:C5:D6:E7:F8:09:1B:2D:3F:40:52:"
      "64:76";
  transport.candidates = {"1 1 UDP 2130706431 127.0.0.1 10000 typ host"};
  transport.session_id = 7;
  transport.session_version = 1;
  return transport;
}

LinePlan audio_plan() {
  LinePlan plan;
  plan.codecs = {{Codec::Opus, {}, true, false}};
  plan.extensions = {ExtensionKind::Mid, ExtensionKind::AudioLevel};
  return plan;
}

LinePlan video_plan(Codec codec = Codec::Vp8) {
  LinePlan plan;
  plan.kind = MediaKind::Video;
  plan.codecs = {{codec, {}, true, false}};
  plan.extensions = {ExtensionKind::Mid, ExtensionKind::Rid, ExtensionKind::RepairedRid,
                     ExtensionKind::AbsSendTime};
  return plan;
}

LinePlan data_plan() {
  LinePlan plan;
  plan.kind = MediaKind::Application;
  return plan;
}

Description offer_of(std::string_view text) {
  auto parsed = parse(text);
  assert_true(parsed.ok());
  return *std::move(parsed);
}

Description answer_to(const Description& offer, const std::vector<LinePlan>& plans) {
  auto answer = make_answer(offer, plans, make_transport());
  if (!answer) {
    fail_msg("%s", answer.error().message.c_str());
  }
  assert_true(check_secure(*answer, true).ok());
  const auto again = parse(write(*answer));
  assert_true(again.ok());
  assert_true(*again == *answer);
  return *std::move(answer);
}

void answers_chromium_with_its_own_numbers(void**) {
  const Description offer = offer_of(offers::kChromium);
  LinePlan video = video_plan();
  video.msid_stream = "s";
  video.msid_track = "t";
  video.cname = "c";
  video.ssrc = 11;
  video.rtx_ssrc = 12;
  const Description answer = answer_to(offer, {audio_plan(), video, data_plan()});
  assert_true(answer.ice_lite);
  assert_int_equal(answer.bundle.size(), 3);
  assert_int_equal(answer.media[0].payload_types.size(), 1);
  assert_int_equal(answer.media[0].payload_types[0].number, 111);
  const MediaLine& line = answer.media[1];
  assert_int_equal(line.payload_types.size(), 2);
  assert_int_equal(line.payload_types[0].number, 96);
  assert_int_equal(line.payload_types[1].number, 97);
  assert_int_equal(line.payload_types[0].feedback.size(), 4);
  assert_true(line.transport.setup == Setup::Passive);
  assert_int_equal(line.candidates.size(), 1);
  assert_true(line.end_of_candidates && line.rtcp_mux);
  assert_int_equal(line.ssrcs.size(), 2);
  assert_string_equal(line.ssrcs[1].msid.c_str(), "s t");
  assert_int_equal(line.extmaps.size(), 4);
  assert_string_equal(write(answer).c_str(), write(answer).c_str());
  assert_null(std::strstr(write(answer).c_str(), "transport-cc"));
}

void takes_transport_cc_with_its_extension_only(void**) {
  LinePlan audio = audio_plan();
  LinePlan video = video_plan();
  audio.extensions.push_back(ExtensionKind::TransportCc);
  video.extensions.push_back(ExtensionKind::TransportCc);
  const Description offer = offer_of(offers::kChromium);
  const auto lines = negotiated(answer_to(offer, {audio, video}), offer);
  assert_int_equal(lines[0].extensions.id(ExtensionKind::TransportCc), 3);
  assert_int_equal(lines[1].extensions.id(ExtensionKind::TransportCc), 3);
  assert_true(lines[1].remb);

  Description no_reports = offer;
  for (PayloadType& type : no_reports.media[1].payload_types) {
    std::erase(type.feedback, "transport-cc");
  }
  const Description plain = answer_to(no_reports, {audio, video});
  assert_int_equal(plain.media[1].extmaps.size(), 4);
  assert_int_equal(negotiated(plain, no_reports)[1].extensions.id(ExtensionKind::TransportCc), 0);

  Description no_numbers = offer;
  std::erase_if(no_numbers.media[1].extmaps, [](const Extmap& extmap) { return extmap.id == 3; });
  assert_int_equal(answer_to(no_numbers, {audio, video}).media[1].payload_types[0].feedback.size(),
                   4);
}

void offers_transport_cc(void**) {
  LinePlan video = video_plan();
  video.mid = "v";
  video.direction = Direction::SendOnly;
  const Description without = make_offer(std::vector{video}, make_transport(), nullptr);
  assert_null(std::strstr(write(without).c_str(), "transport"));
  video.extensions.push_back(ExtensionKind::TransportCc);
  const Description offer = make_offer(std::vector{video}, make_transport(), nullptr);
  assert_non_null(std::strstr(write(offer).c_str(), "a=rtcp-fb:96 transport-cc\r\n"));
  const Description taken = *make_answer(offer, std::vector{video}, make_transport());
  assert_int_not_equal(negotiated(offer, taken)[0].extensions.id(ExtensionKind::TransportCc), 0);
  // Numbers alone, as an odd client may answer.
  Description odd = taken;
  std::erase(odd.media[0].payload_types[0].feedback, "transport-cc");
  assert_int_equal(negotiated(offer, odd)[0].extensions.id(ExtensionKind::TransportCc), 0);
}

void intersects_directions(void**) {
  struct Row {
    const char* offered;
    Direction plan;
    Direction answered;
  };
  const Row table[] = {
      {"sendrecv", Direction::SendRecv, Direction::SendRecv},
      {"sendonly", Direction::SendRecv, Direction::RecvOnly},
      {"recvonly", Direction::SendRecv, Direction::SendOnly},
      {"inactive", Direction::SendRecv, Direction::Inactive},
      {"sendrecv", Direction::RecvOnly, Direction::RecvOnly},
      {"sendonly", Direction::SendOnly, Direction::Inactive},
      {"recvonly", Direction::RecvOnly, Direction::Inactive},
  };
  for (const Row& row : table) {
    std::string text(offers::kAiortc);
    text.replace(text.find("a=sendonly"), 10, std::string("a=") + row.offered);
    LinePlan plan = audio_plan();
    plan.direction = row.plan;
    const Description answer = answer_to(offer_of(text), {plan});
    assert_string_equal(to_text(answer.media[0].direction), to_text(row.answered));
  }
}

void rejects_lines_without_a_plan_or_a_common_codec(void**) {
  const Description offer = offer_of(offers::kChromium);
  LinePlan refused = audio_plan();
  refused.reject = true;
  const Description answer = answer_to(offer, {refused, video_plan(Codec::H265)});
  for (const MediaLine& line : answer.media) {
    assert_true(line.rejected());
  }
  assert_true(answer.bundle.empty());
  assert_false(make_answer(offer, std::vector<LinePlan>(4), make_transport()).ok());
  assert_false(make_answer(offer, std::vector<LinePlan>{video_plan()}, make_transport()).ok());
}

void takes_h264_of_the_wanted_profile_in_mode_1(void**) {
  const Description offer = offer_of(offers::kChromium);
  struct Row {
    const char* wanted;
    int number;
  };
  const Row table[] = {{"", 102}, {"42e01f", 108}, {"42E01F", 108}, {"4d0032", 116}};
  for (const Row& row : table) {
    LinePlan plan = video_plan(Codec::H264);
    plan.codecs[0].fmtp = row.wanted;
    const Description answer = answer_to(offer, {audio_plan(), plan});
    assert_int_equal(answer.media[1].payload_types[0].number, row.number);
  }
  LinePlan vp9 = video_plan(Codec::Vp9);
  vp9.codecs[0].fmtp = "profile-id=2";
  assert_int_equal(answer_to(offer, {audio_plan(), vp9}).media[1].payload_types[0].number, 100);
}

void answers_red_first_when_asked(void**) {
  LinePlan plan = audio_plan();
  plan.codecs[0].red = true;
  const Description offer = offer_of(offers::kChromium);
  const Description answer = answer_to(offer, {plan});
  assert_int_equal(answer.media[0].payload_types[0].number, 63);
  const auto lines = negotiated(answer, offer);
  assert_true(lines[0].codec == Codec::Opus);
  assert_int_equal(lines[0].red_payload_type, 63);
}

void answers_simulcast_only_when_the_plan_accepts_it(void**) {
  const Description offer = offer_of(offers::kChromiumSimulcast);
  LinePlan plan = video_plan();
  assert_true(answer_to(offer, {audio_plan(), plan}).media[1].simulcast.empty());
  plan.accept_simulcast = true;
  const Description answer = answer_to(offer, {audio_plan(), plan});
  assert_non_null(std::strstr(write(answer).c_str(), "a=simulcast:recv h;m;l\r\n"));
  assert_non_null(std::strstr(write(answer).c_str(), "a=rid:h recv\r\n"));
  const auto lines = negotiated(answer, offer);
  assert_int_equal(lines[1].rids.size(), 3);
  assert_string_equal(lines[1].rids[0].c_str(), "h");
  assert_true(lines[1].direction == Direction::RecvOnly);
}

void accepts_one_line_of_an_offer_without_bundle(void**) {
  std::string text(offers::kPlanB);
  const std::size_t media = text.find("m=audio");
  text += text.substr(media);
  const Description answer = answer_to(offer_of(text), {audio_plan(), audio_plan()});
  assert_false(answer.media[0].rejected());
  assert_true(answer.media[1].rejected());
  assert_false(answer.has_bundle);
}

void keeps_numbers_and_places_over_our_offers(void**) {
  LinePlan audio = audio_plan();
  LinePlan video = video_plan();
  audio.mid = "a";
  video.mid = "v";
  video.direction = audio.direction = Direction::SendOnly;
  video.ssrc = 5;
  video.rtx_ssrc = 6;
  const Description first = make_offer(std::vector{audio, video}, make_transport(), nullptr);
  assert_true(check_secure(first).ok());
  assert_true(*parse(write(first)) == first);
  assert_true(first.media[0].transport.setup == Setup::ActPass);
  LinePlan h264 = video_plan(Codec::H264);
  h264.mid = "w";
  video.direction = Direction::Inactive;
  const Description second = make_offer(std::vector{audio, video, h264}, make_transport(), &first);
  assert_true(second.media[0].payload_types == first.media[0].payload_types);
  assert_true(second.media[1].payload_types == first.media[1].payload_types);
  assert_true(second.media[1].extmaps == first.media[1].extmaps);
  assert_true(second.media[1].direction == Direction::Inactive);
  assert_int_equal(second.media[2].payload_types[0].number, 102);
  assert_int_equal(second.media[2].extmaps[0].id, first.media[1].extmaps[0].id);
}

void offers_on_with_the_numbers_of_an_earlier_answer(void**) {
  const Description answer = answer_to(offer_of(offers::kFirefox), {audio_plan(), video_plan()});
  LinePlan audio = audio_plan();
  LinePlan video = video_plan(Codec::Vp9);
  audio.mid = "0";
  video.mid = "1";
  const Description offer = make_offer(std::vector{audio, video}, make_transport(), &answer);
  assert_int_equal(offer.media[0].payload_types[0].number, 109);
  assert_int_equal(offer.media[0].extmaps[0].id, 3);
  for (const PayloadType& type : offer.media[1].payload_types) {
    assert_int_not_equal(type.number, 120);
  }
}

void negotiates_streams_by_ssrc_and_fid(void**) {
  const Description offer = offer_of(offers::kChromium);
  const Description answer = answer_to(offer, {audio_plan(), video_plan(), data_plan()});
  const auto lines = negotiated(answer, offer);
  assert_int_equal(lines.size(), 3);
  const NegotiatedLine& video = lines[1];
  assert_int_equal(video.remote_ssrcs.size(), 1);
  assert_int_equal(video.remote_ssrcs[0].ssrc, 1167356748U);
  assert_int_equal(video.remote_ssrcs[0].rtx_ssrc, 1488113719U);
  assert_int_equal(video.payload_type, 96);
  assert_int_equal(video.rtx_payload_type, 97);
  assert_int_equal(video.extensions.id(ExtensionKind::Mid), 4);
  assert_int_equal(video.extensions.id(ExtensionKind::TransportCc), 0);
  assert_true(video.nack && video.pli && video.fir && video.remb);
  assert_true(lines[2].kind == MediaKind::Application);
}

void follows_the_remote_answer_to_our_offer(void**) {
  LinePlan video = video_plan();
  video.mid = "v";
  video.direction = Direction::SendOnly;
  video.codecs.push_back({Codec::H264, "42e01f", true, false});
  video.ssrc = 5;
  const Description offer = make_offer(std::vector{video}, make_transport(), nullptr);
  LinePlan theirs = video_plan(Codec::H264);
  const Description remote = *make_answer(offer, std::vector{theirs}, make_transport());
  const auto lines = negotiated(offer, remote);
  assert_int_equal(lines.size(), 1);
  assert_true(lines[0].codec == Codec::H264);
  assert_int_equal(lines[0].payload_type, 102);
  assert_true(lines[0].direction == Direction::SendOnly);
  assert_int_equal(lines[0].local_ssrc, 5);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(answers_chromium_with_its_own_numbers),
      cmocka_unit_test(takes_transport_cc_with_its_extension_only),
      cmocka_unit_test(offers_transport_cc),
      cmocka_unit_test(intersects_directions),
      cmocka_unit_test(rejects_lines_without_a_plan_or_a_common_codec),
      cmocka_unit_test(takes_h264_of_the_wanted_profile_in_mode_1),
      cmocka_unit_test(answers_red_first_when_asked),
      cmocka_unit_test(answers_simulcast_only_when_the_plan_accepts_it),
      cmocka_unit_test(accepts_one_line_of_an_offer_without_bundle),
      cmocka_unit_test(keeps_numbers_and_places_over_our_offers),
      cmocka_unit_test(offers_on_with_the_numbers_of_an_earlier_answer),
      cmocka_unit_test(negotiates_streams_by_ssrc_and_fid),
      cmocka_unit_test(follows_the_remote_answer_to_our_offer),
  };
  return cmocka_run_group_tests_name("sdp/answerer", tests, nullptr, nullptr);
}
