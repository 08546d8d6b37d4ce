// Offers of a real browser through the whole API: what the feature sees, what the client and the
// media engine get.
#include "core/session/negotiation.hpp"

#include "core/sdp/parser.hpp"
#include "core/sdp/writer.hpp"
#include "core/session/errors.hpp"
#include "tests/unit/core/sdp/offers.hpp"
#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::session;
using namespace cardea::session::test;

namespace {

Json jsep(const char* type, std::string_view sdp) {
  return Json::object({{"type", type}, {"sdp", sdp}});
}

cardea_mline_plan_t line(cardea_kind_t kind, cardea_direction_t direction,
                         const char* const* codecs = nullptr) {
  cardea_mline_plan_t out{};
  out.size = sizeof out;
  out.kind = kind;
  out.direction = direction;
  out.codecs = codecs;
  return out;
}

cardea_jsep_plan_t plan(cardea_jsep_type_t type, std::span<const cardea_mline_plan_t> lines) {
  cardea_jsep_plan_t out{};
  out.size = sizeof out;
  out.type = type;
  out.mlines = lines.data();
  out.mline_count = lines.size();
  return out;
}

constexpr const char* kVp8[] = {"vp8", nullptr};

/// One handle on a bench, whose feature answers audio and video both ways.
struct Caller {
  explicit Caller(Bench& on) : b(on), session(b.create()), handle(b.attach(session)) {
    b.feature.on_message = [this](const cardea_request_t& r) {
      const cardea_mline_plan_t lines[] = {line(CARDEA_AUDIO, CARDEA_SENDRECV),
                                           line(CARDEA_VIDEO, CARDEA_SENDRECV, kVp8)};
      const cardea_jsep_plan_t wanted = plan(CARDEA_JSEP_ANSWER, lines);
      result = b.api.event(handle, r.id, R"({"fake":"event"})", &wanted);
    };
  }
  std::vector<Json> send(Json description) {
    return b.send(Bench::message(session, handle, Json::object({{"request", "join"}, {"room", 1}}),
                                 std::move(description)));
  }
  /// Makes our offer of one video line.
  Json offer() {
    const cardea_mline_plan_t lines[] = {line(CARDEA_VIDEO, CARDEA_SENDONLY, kVp8)};
    const cardea_jsep_plan_t wanted = plan(CARDEA_JSEP_OFFER, lines);
    b.clients.take(1);
    result = b.api.event(handle, 0, R"({"fake":"offer"})", &wanted);
    const auto got = b.clients.take(1);
    return got.empty() ? Json() : got[0]["jsep"];
  }

  Bench& b;
  std::uint64_t session;
  std::uint64_t handle;
  int result = 0;
};

sdp::Description parsed(const Json& description) {
  auto out = sdp::parse(description["sdp"].as_text());
  return out ? *out : sdp::Description();
}

/// What a browser would say to our offer: the offer turned around, with its own transport.
std::string answer_to(const Json& offer) {
  sdp::Description out = parsed(offer);
  out.ice_lite = false;
  for (sdp::MediaLine& media : out.media) {
    media.direction = sdp::reversed(media.direction);
    media.ssrcs.clear();
    media.ssrc_groups.clear();
    media.msids.clear();
    media.transport.ice_ufrag = "abcd";
    media.transport.ice_pwd = "0123456789012345678901";
    media.transport.setup = sdp::Setup::Active;
  }
  if (out.transport.setup != sdp::Setup::None) {
    out.transport.setup = sdp::Setup::Active;
  }
  return sdp::write(out);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// A camera and a microphone: the recorded offer without its data channel.
std::string browser_offer() {
  const std::string_view whole = sdp::offers::kChromium;
  return replaced(std::string(whole.substr(0, whole.find("m=application"))), "BUNDLE 0 1 2",
                  "BUNDLE 0 1");
}

void a_browsers_offer_is_answered_and_makes_a_peer(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  b.api.place(caller.handle, 42);
  const auto got = caller.send(jsep("offer", browser_offer()));
  assert_int_equal(caller.result, 0);
  assert_int_equal(got.size(), 2);
  assert_true(got[1]["jsep"]["type"].as_text() == "answer");
  assert_false(got[1]["jsep"].has("e2ee"));
  const sdp::Description answer = parsed(got[1]["jsep"]);
  assert_int_equal(answer.media.size(), 2);
  assert_true(answer.ice_lite);
  const sdp::TransportInfo transport = answer.bundle_transport();
  assert_true(transport.ice_ufrag.size() >= 8);
  assert_true(transport.ice_pwd.size() >= 24);
  assert_true(transport.setup == sdp::Setup::Passive);

  assert_int_equal(b.engine.placements.at(caller.handle), 42);
  const peer::Params& params = b.engine.peers.at(caller.handle);
  assert_string_equal(params.local_ice.ufrag.c_str(), transport.ice_ufrag.c_str());
  assert_string_equal(params.remote_ice.ufrag.c_str(), "VzjU");
  assert_string_equal(params.remote_fingerprint_hash.c_str(), "sha-256");
  assert_true(params.dtls_role == peer::DtlsRole::Server);
  assert_int_equal(params.lines.size(), 2);
  const peer::LineParams& video = params.lines[1];
  assert_true(video.kind == peer::LineParams::Kind::Video && video.sends && video.receives);
  assert_true(video.payload_types.at(0).codec == rtp::Codec::Vp8);
  assert_int_equal(video.payload_types[0].number, 96);
  assert_int_equal(video.payload_types[0].rtx_number, 97);
  assert_true(video.nack && video.pli && video.remb);
  assert_true(video.send_ssrc != 0 && video.send_rtx_ssrc != 0);
  assert_int_equal(answer.media[1].ssrcs.at(0).ssrc, video.send_ssrc);
}

void the_feature_sees_what_the_browser_offers(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  int seen = 0;
  b.feature.on_message = [&](const cardea_request_t& r) {
    ++seen;
    assert_int_equal(r.jsep.type, CARDEA_JSEP_OFFER);
    assert_int_equal(r.jsep.mline_count, 2);
    const cardea_mline_t& video = r.jsep.mlines[1];
    assert_int_equal(video.kind, CARDEA_VIDEO);
    assert_int_equal(video.direction, CARDEA_SENDONLY);
    assert_string_equal(video.codecs[0].name, "vp8");
    assert_int_equal(video.codecs[0].payload_type, 96);
    for (std::size_t i = 0; i < video.codec_count; ++i) {
      assert_string_not_equal(video.codecs[i].name, "rtx");
    }
    assert_int_equal(video.rid_count, 3);
    assert_string_equal(video.rids[0], "h");
    assert_string_equal(video.rids[2], "l");
    assert_true(std::string_view(video.msid_track.data, video.msid_track.size) ==
                "664f1ff3-d184-4dee-9b93-7b23721f3eef");
  };
  caller.send(jsep("offer", sdp::offers::kChromiumSimulcast));
  b.feature.on_message = [&](const cardea_request_t& r) {
    ++seen;
    assert_int_equal(r.jsep.mline_count, 3);
    assert_int_equal(r.jsep.mlines[2].kind, CARDEA_DATA);
  };
  caller.send(jsep("offer", sdp::offers::kChromium));
  assert_int_equal(seen, 2);
}

void what_was_agreed_on_can_be_read_back(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  std::size_t count = 0;
  assert_null(b.api.mlines(caller.handle, count));
  caller.send(jsep("offer", browser_offer()));
  const cardea_mline_t* mlines = b.api.mlines(caller.handle, count);
  assert_int_equal(count, 2);
  assert_int_equal(mlines[1].codec_count, 1);
  assert_string_equal(mlines[1].codecs[0].name, "vp8");
  assert_int_equal(mlines[1].direction, CARDEA_SENDRECV);
}

void a_second_offer_updates_the_peer_and_keeps_its_streams(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  caller.send(jsep("offer", browser_offer()));
  const peer::Params before = b.engine.peers.at(caller.handle);
  caller.send(jsep("offer", browser_offer()));
  const peer::Params same = b.engine.peers.at(caller.handle);
  assert_int_equal(b.engine.updates, 1);
  assert_string_equal(same.local_ice.ufrag.c_str(), before.local_ice.ufrag.c_str());
  assert_int_equal(same.lines[1].send_ssrc, before.lines[1].send_ssrc);
  // New credentials of the client are an ICE restart, said or not.
  caller.send(jsep("offer", replaced(browser_offer(), "a=ice-ufrag:VzjU", "a=ice-ufrag:Neww")));
  const peer::Params restarted = b.engine.peers.at(caller.handle);
  assert_string_not_equal(restarted.local_ice.ufrag.c_str(), before.local_ice.ufrag.c_str());
  assert_string_not_equal(restarted.local_ice.password.c_str(), before.local_ice.password.c_str());
  assert_int_equal(restarted.lines[1].send_ssrc, before.lines[1].send_ssrc);
}

void our_offer_makes_a_peer_when_its_answer_is_accepted(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  const Json offer = caller.offer();
  assert_int_equal(caller.result, 0);
  assert_true(offer["type"].as_text() == "offer");
  assert_true(b.engine.peers.empty());
  caller.offer();
  assert_int_equal(caller.result, CARDEA_EVENT_BUSY);
  int accepted = 1;
  b.feature.on_message = [&](const cardea_request_t& r) {
    assert_int_equal(b.api.accept_answer(r.id + 1), CARDEA_EVENT_NO_HANDLE);
    accepted = b.api.accept_answer(r.id);
  };
  const auto got = caller.send(jsep("answer", answer_to(offer)));
  assert_true(got.at(0)["janus"].as_text() == "ack");
  assert_int_equal(accepted, 0);
  const peer::Params& params = b.engine.peers.at(caller.handle);
  assert_true(params.dtls_role == peer::DtlsRole::Server);
  assert_true(params.lines.at(0).sends);
  assert_false(params.lines[0].receives);
  assert_string_equal(params.remote_ice.ufrag.c_str(), "abcd");
}

void of_two_offers_at_once_the_clients_wins(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  const Json ours = caller.offer();
  const auto got = caller.send(jsep("offer", browser_offer()));
  assert_true(got.at(1)["jsep"]["type"].as_text() == "answer");
  assert_int_equal(b.engine.peers.size(), 1);
  // What we offered is given up: no answer to it is taken, and it is in nobody's way.
  const auto late = caller.send(jsep("answer", answer_to(ours)));
  assert_int_equal(code_of(late.at(0)), kErrorUnexpectedAnswer);
  const cardea_mline_plan_t lines[] = {line(CARDEA_AUDIO, CARDEA_SENDRECV),
                                       line(CARDEA_VIDEO, CARDEA_SENDRECV, kVp8)};
  const cardea_jsep_plan_t again = plan(CARDEA_JSEP_OFFER, lines);
  assert_int_equal(b.api.event(caller.handle, 0, "{}", &again), 0);
}

void an_offer_that_is_not_answered_with_its_request_is_given_up(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  b.feature.on_message = [&](const cardea_request_t& r) {
    caller.result = b.api.event(caller.handle, r.id, R"({"fake":"no"})", nullptr);
  };
  caller.send(jsep("offer", browser_offer()));
  assert_int_equal(caller.result, 0);
  const cardea_mline_plan_t lines[] = {line(CARDEA_AUDIO, CARDEA_SENDRECV),
                                       line(CARDEA_VIDEO, CARDEA_SENDRECV, kVp8)};
  const cardea_jsep_plan_t late = plan(CARDEA_JSEP_ANSWER, lines);
  assert_int_equal(b.api.event(caller.handle, 0, "{}", &late), CARDEA_EVENT_BAD_PLAN);
  assert_true(b.engine.peers.empty());
}

void descriptions_that_cannot_be_used_are_refused_with_the_number_of_janus(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  const std::string offer = browser_offer();
  const std::string bare = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
  std::string many = offer;
  for (int i = 0; i < 70; ++i) {
    many += "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n";
  }
  const auto at = offer.find("a=fingerprint");
  const auto fingerprint = offer.substr(at, offer.find('\n', at) + 1 - at);
  const struct {
    Json description;
    int code;
  } rows[] = {
      {Json(3), kErrorInvalidJsonObject},
      {*Json::parse(R"({"x":null})"), kErrorMissingElement},
      {Json::object({{"type", "offer"}}), kErrorMissingElement},
      {Json::object({{"type", 3}, {"sdp", offer}}), kErrorInvalidElementType},
      {Json::object({{"type", "offer"}, {"sdp", 3}}), kErrorInvalidElementType},
      {jsep("offer", offer).set("trickle", 3), kErrorInvalidElementType},
      {jsep("offer", offer).set("e2ee", "yes"), kErrorInvalidElementType},
      {jsep("rollback", offer), kErrorJsepUnknownType},
      {jsep("offer", "x"), kErrorJsepInvalidSdp},
      {jsep("offer", ""), kErrorJsepInvalidSdp},
      {jsep("offer", bare), kErrorJsepInvalidSdp},
      {jsep("answer", bare), kErrorJsepInvalidSdp},
      {jsep("offer", many), kErrorJsepInvalidSdp},
      {jsep("offer", offer + "a=x:" + std::string(9000, 'x') + "\r\n"), kErrorJsepInvalidSdp},
      {jsep("offer", offer + std::string(200'000, '\n')), kErrorJsepInvalidSdp},
      {jsep("offer", replaced(offer, fingerprint, "")), kErrorJsepInvalidSdp},
      {jsep("offer", replaced(offer, "a=fingerprint:sha-256", "a=fingerprint:sha-1")),
       kErrorJsepInvalidSdp},
      {jsep("offer", replaced(offer, "UDP/TLS/RTP/SAVPF", "RTP/AVP")), kErrorJsepInvalidSdp},
      {jsep("answer", replaced(offer, "actpass", "active")), kErrorUnexpectedAnswer},
  };
  int index = 0;
  for (const auto& row : rows) {
    const auto got = caller.send(row.description);
    if (got.size() != 1 || code_of(got[0]) != row.code) {
      fail_msg("row %d: %s", index, got.empty() ? "nothing" : got[0].dump().c_str());
    }
    ++index;
  }
  assert_int_equal(b.feature.messages, 0);
  assert_true(b.engine.peers.empty());
}

void plans_that_do_not_fit_change_nothing(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  b.feature.on_message = [&](const cardea_request_t& r) {
    const cardea_mline_plan_t wrong[] = {line(CARDEA_VIDEO, CARDEA_SENDRECV)};
    const cardea_jsep_plan_t bad = plan(CARDEA_JSEP_ANSWER, wrong);
    caller.result = b.api.event(caller.handle, r.id, "{}", &bad);
  };
  assert_int_equal(caller.send(jsep("offer", browser_offer())).size(), 1);
  assert_int_equal(caller.result, CARDEA_EVENT_BAD_PLAN);
  assert_true(b.engine.peers.empty());
  const cardea_mline_plan_t audio[] = {line(CARDEA_AUDIO, CARDEA_SENDRECV)};
  const cardea_jsep_plan_t late = plan(CARDEA_JSEP_ANSWER, audio);
  b.engine.full = true;
  assert_int_equal(b.api.event(caller.handle, 0, "{}", &late), CARDEA_EVENT_NO_MEDIA);
  b.engine.full = false;
  assert_int_equal(b.api.event(caller.handle, 0, "{}", &late), 0);
  assert_int_equal(b.api.event(caller.handle, 0, "{}", &late), CARDEA_EVENT_BAD_PLAN);
}

void what_the_engine_sees_reaches_client_and_feature(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  caller.send(jsep("offer", browser_offer()));
  b.api.peer_up(caller.handle);
  b.api.media_flow({caller.handle, 1}, true);
  b.api.slow_link({caller.handle, 0}, true, 12);
  b.api.media_flow({caller.handle, 9}, true);
  b.api.peer_down(caller.handle, "DTLS alert");
  b.api.peer_down(caller.handle, "DTLS alert");
  const auto got = b.clients.take(1);
  assert_int_equal(got.size(), 4);
  assert_true(got[0]["janus"].as_text() == "webrtcup");
  assert_true(got[1]["janus"].as_text() == "media");
  assert_true(got[1]["type"].as_text() == "video" && got[1]["mid"].as_text() == "1");
  assert_true(got[1]["receiving"].as_bool());
  assert_true(got[2]["janus"].as_text() == "slowlink");
  assert_true(got[2]["media"].as_text() == "audio" && got[2]["lost"].as_int() == 12);
  assert_true(got[3]["janus"].as_text() == "hangup");
  assert_true(got[3]["reason"].as_text() == "DTLS alert");
  const std::vector<cardea_media_event_type_t> expected = {CARDEA_MEDIA_UP, CARDEA_MEDIA_FLOW,
                                                           CARDEA_MEDIA_SLOW, CARDEA_MEDIA_DOWN};
  assert_true(b.feature.events == expected);
  // The handle can start anew, with streams of its own.
  caller.send(jsep("offer", browser_offer()));
  assert_int_equal(caller.result, 0);
}

void a_features_hangup_is_told_after_its_call(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  caller.send(jsep("offer", browser_offer()));
  bool inside = false;
  bool told_inside = false;
  b.feature.on_media = [&](const cardea_media_event_t&) { told_inside = inside; };
  b.feature.on_message = [&](const cardea_request_t&) {
    inside = true;
    b.api.hangup(caller.handle, "kicked");
    assert_true(b.engine.peers.empty());
    inside = false;
  };
  const auto got = caller.send({});
  assert_false(told_inside);
  assert_int_equal(b.feature.events.size(), 1);
  assert_true(got.at(0)["janus"].as_text() == "ack");
  assert_true(got.at(1)["janus"].as_text() == "hangup");
}

void a_hangup_from_a_features_timer_is_told_at_the_next_poll(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  caller.send(jsep("offer", browser_offer()));
  b.api.hangup(caller.handle, "timer");
  b.api.event(caller.handle, 0, "{}", nullptr);
  assert_true(b.feature.events.empty());
  assert_true(b.api.next_deadline() == b.now);
  b.api.poll(b.now);
  assert_int_equal(b.feature.events.size(), 1);
}

void the_end_of_a_handle_is_the_end_of_its_peer(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  caller.send(jsep("offer", browser_offer()));
  const auto hung_up = b.send(Bench::verb("hangup", caller.session, caller.handle));
  assert_true(hung_up.at(0)["janus"].as_text() == "success");
  assert_true(hung_up.at(1)["janus"].as_text() == "hangup");
  assert_true(b.engine.peers.empty());
  caller.send(jsep("offer", browser_offer()));
  b.send(Bench::verb("destroy", caller.session));
  assert_true(b.engine.peers.empty());
}

void layers_count_from_the_least_whichever_way_the_client_lists_them(void** state) {
  Bench& b = bench(state);
  Caller caller(b);
  b.feature.on_message = [&](const cardea_request_t& r) {
    cardea_mline_plan_t lines[] = {line(CARDEA_AUDIO, CARDEA_RECVONLY),
                                   line(CARDEA_VIDEO, CARDEA_RECVONLY, kVp8)};
    lines[1].simulcast = 1;
    const cardea_jsep_plan_t wanted = plan(CARDEA_JSEP_ANSWER, lines);
    caller.result = b.api.event(caller.handle, r.id, R"({"fake":"event"})", &wanted);
  };
  const auto lowest = [&](Json offer) {
    caller.send(std::move(offer));
    return b.engine.peers.at(caller.handle).lines.at(1).rids.at(0);
  };
  // It lists h, m and l.
  Json offer = jsep("offer", sdp::offers::kChromiumSimulcast);
  assert_string_equal(lowest(offer).c_str(), "l");
  offer.set("rid_order", "lmh");
  assert_string_equal(lowest(offer).c_str(), "h");
}

}  // namespace

int main() {
#define CARDEA_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const CMUnitTest tests[] = {
      CARDEA_CASE(a_browsers_offer_is_answered_and_makes_a_peer),
      CARDEA_CASE(the_feature_sees_what_the_browser_offers),
      CARDEA_CASE(what_was_agreed_on_can_be_read_back),
      CARDEA_CASE(a_second_offer_updates_the_peer_and_keeps_its_streams),
      CARDEA_CASE(our_offer_makes_a_peer_when_its_answer_is_accepted),
      CARDEA_CASE(of_two_offers_at_once_the_clients_wins),
      CARDEA_CASE(an_offer_that_is_not_answered_with_its_request_is_given_up),
      CARDEA_CASE(descriptions_that_cannot_be_used_are_refused_with_the_number_of_janus),
      CARDEA_CASE(plans_that_do_not_fit_change_nothing),
      CARDEA_CASE(what_the_engine_sees_reaches_client_and_feature),
      CARDEA_CASE(a_features_hangup_is_told_after_its_call),
      CARDEA_CASE(a_hangup_from_a_features_timer_is_told_at_the_next_poll),
      CARDEA_CASE(the_end_of_a_handle_is_the_end_of_its_peer),
      CARDEA_CASE(layers_count_from_the_least_whichever_way_the_client_lists_them),
  };
  return cmocka_run_group_tests_name("session/negotiation", tests, nullptr, nullptr);
}
