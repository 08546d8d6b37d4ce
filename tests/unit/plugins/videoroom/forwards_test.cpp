// VideoRoom: what leaves a room as plain RTP and what comes in so: forwarders, remote publishers.
#include "tests/unit/plugins/videoroom/services.hpp"
// cmocka's macro `fail` must come behind the streams that <filesystem> brings.
#include "tests/support/cmocka.hpp"
#include "tests/unit/plugins/videoroom/people.hpp"

namespace {

using namespace cardea;
using namespace cardea::tests;

constexpr std::uint64_t kRoom = 1234;

Json list_of(std::initializer_list<Json> entries) {
  Json out = Json::array();
  for (const Json& each : entries) {
    out.push(each);
  }
  return out;
}

Said forward(FakeHost& host, const Json& streams, const char* address = "192.0.2.1") {
  return ask(host, host.attach(),
             {{"request", "rtp_forward"},
              {"room", kRoom},
              {"publisher_id", 1},
              {"host", address},
              {"streams", streams}});
}

Said request(FakeHost& host, const char* name, const char* member, const Json& value) {
  return ask(host, host.attach(),
             {{"request", name}, {"room", kRoom}, {"publisher_id", 1}, {member, value}});
}

void each_listed_stream_gets_a_forwarder(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  const Json audio = Json::object({{"mid", "0"}, {"port", 5000}, {"ssrc", 77}, {"pt", 99}});
  const Json video = Json::object({{"mid", "1"}, {"port", 5002}, {"rtcp_port", 5003}});
  const auto said =
      forward(host, list_of({audio, video, Json::object({{"mid", "9"}, {"port", 1}})}));
  assert_string_equal(kind(said), "rtp_forward");
  const Json made = said.body["forwarders"];
  assert_int_equal(made.size(), 2);
  assert_int_equal(made.at(0)["ssrc"].as_int(), 77);
  assert_int_equal(made.at(1)["remote_rtcp_port"].as_int(), 5003);
  assert_int_equal(host.forwards.size(), 2);
  const ForwardMade& first = host.forwards.begin()->second;
  assert_true(first.from == alice);
  assert_string_equal(first.address.c_str(), "192.0.2.1");
  assert_int_equal(first.settings.payload_type, 99);

  const Json listed =
      ask(host, host.attach(), {{"request", "listforwarders"}, {"room", kRoom}}).body["publishers"];
  assert_int_equal(listed.at(0)["forwarders"].size(), 2);
  const Json id = made.at(0)["stream_id"];
  assert_int_equal(code(request(host, "stop_rtp_forward", "stream_id", id)), 0);
  assert_int_equal(code(request(host, "stop_rtp_forward", "stream_id", id)), 428);
  assert_int_equal(host.forwards.size(), 1);
  ask(host, alice, {{"request", "unpublish"}});
  assert_true(host.forwards.empty());
}

void bad_forwards_change_nothing(void**) {
  FakeHost host(MODULE_PATH);
  const Json audio = Json::object({{"mid", "0"}, {"port", 5000}});
  assert_int_equal(code(forward(host, list_of({audio}))), 428);
  publisher(host, kRoom, 1);
  assert_int_equal(code(forward(host, list_of({audio}), "example.invalid")), 430);
  assert_int_equal(code(forward(host, list_of({Json::object({{"mid", "0"}})}))), 429);
  assert_int_equal(
      code(forward(host, list_of({audio, Json::object({{"mid", "1"}, {"port", 70'000}})}))), 430);
  const Json elsewhere = Json::object({{"mid", "1"}, {"port", 1}, {"host", "nowhere"}});
  assert_int_equal(code(forward(host, list_of({audio, elsewhere}))), 430);
  assert_true(host.forwards.empty());
}

void bounds_hold_and_are_counted(void**) {
  const Json general = Json::object({{"max_forwarders", 1}, {"max_remotes", 1}, {"max_tokens", 1}});
  FakeHost host(MODULE_PATH, Json::object({{"general", general}}), {{CARDEA_SERVER, &kServer}});
  limits_hit.clear();
  publisher(host, kRoom, 1);
  const Json audio = Json::object({{"mid", "0"}, {"port", 5000}});
  assert_int_equal(code(forward(host, list_of({audio}))), 0);
  assert_int_equal(code(forward(host, list_of({audio}))), 499);
  assert_int_equal(host.forwards.size(), 1);
  const auto remotize = [&](const char* id) {
    return ask(host, host.attach(),
               {{"request", "publish_remotely"},
                {"room", kRoom},
                {"publisher_id", 1},
                {"remote_id", id},
                {"host", "192.0.2.1"},
                {"port", 6000}});
  };
  assert_int_equal(code(remotize("x")), 0);
  assert_int_equal(code(remotize("y")), 499);
  const auto allow = [&](const char* token) {
    return ask(host, host.attach(),
               {{"request", "allowed"},
                {"room", kRoom},
                {"action", "add"},
                {"allowed", Json::array().push(token)}});
  };
  assert_int_equal(code(allow("a")), 0);
  assert_int_equal(code(allow("b")), 430);
  assert_true((limits_hit == std::vector<std::string>{"forwarders", "remotes", "tokens"}));
}

void the_old_form_names_ports_by_kind(void**) {
  FakeHost host(MODULE_PATH);
  publisher(host, kRoom, 1);
  const Json made = ask(host, host.attach(),
                        {{"request", "rtp_forward"},
                         {"room", kRoom},
                         {"publisher_id", 1},
                         {"host", "127.0.0.1"},
                         {"audio_port", 5000},
                         {"video_port", 5002},
                         {"video_pt", 97},
                         {"srtp_suite", 80},
                         {"srtp_crypto", "key"}})
                        .body["rtp_stream"];
  assert_int_equal(made["audio"].as_int(), 5000);
  assert_int_equal(made["video"].as_int(), 5002);
  assert_true(made["video_stream_id"].as_int() > 0);
  assert_int_equal(host.forwards.rbegin()->second.settings.payload_type, 97);
  assert_int_equal(host.forwards.rbegin()->second.settings.srtp_suite, 80);
}

void forwarding_can_need_the_admin_key(void**) {
  const Json general = Json::object({{"admin_key", "k"}, {"lock_rtp_forward", true}});
  FakeHost host(MODULE_PATH, Json::object({{"general", general}}));
  publisher(host, kRoom, 1);
  assert_int_equal(code(forward(host, Json::array())), 429);
}

void a_publisher_goes_to_another_server_by_numbered_ssrcs(void**) {
  FakeHost host(MODULE_PATH);
  publisher(host, kRoom, 1);
  const auto remotize = [&](const char* id) {
    return ask(host, host.attach(),
               {{"request", "publish_remotely"},
                {"room", kRoom},
                {"publisher_id", 1},
                {"remote_id", id},
                {"host", "192.0.2.1"},
                {"port", 6000}});
  };
  assert_string_equal(remotize("x").body["remote_id"].text_or().c_str(), "x");
  assert_int_equal(code(remotize("x")), 436);
  assert_int_equal(host.forwards.size(), 2);
  assert_int_equal(host.forwards.begin()->second.settings.ssrc, 1000);
  assert_int_equal(host.forwards.rbegin()->second.settings.ssrc, 1010);
  const Json list = request(host, "listremotes", "secret", {}).body["list"];
  assert_int_equal(list.at(0)["port"].as_int(), 6000);
  assert_int_equal(code(request(host, "unpublish_remotely", "remote_id", "y")), 428);
  assert_int_equal(code(request(host, "unpublish_remotely", "remote_id", "x")), 0);
  assert_true(host.forwards.empty());
}

Json remote_stream(const char* type, const char* mid, int mindex, const char* codec) {
  Json out = Json::object({{"type", type}, {"mid", mid}, {"mindex", mindex}});
  return codec == nullptr ? out : out.set("codec", codec);
}

Said add_remote(FakeHost& host, const Json& streams) {
  return ask(host, host.attach(),
             {{"request", "add_remote_publisher"},
              {"room", kRoom},
              {"id", 8},
              {"display", "far"},
              {"streams", streams}});
}

void a_remote_publisher_can_be_subscribed_to(void**) {
  FakeHost host(MODULE_PATH);
  const auto bob = host.attach();
  join(host, bob, kRoom, 2);
  const Json streams = list_of({remote_stream("audio", "a", 4, "opus"),
                                remote_stream("video", "v", 5, "vp8").set("simulcast", true)});
  const auto said = add_remote(host, streams);
  assert_true(said.body["port"].as_int() > 0);
  assert_int_equal(code(add_remote(host, streams)), 436);
  const auto& lines = host.receivers.begin()->second;
  assert_int_equal(lines.at(0).ssrcs.at(0), 1040);
  assert_int_equal(lines.at(1).ssrcs.at(2), 1052);
  assert_int_equal(told(host, bob, "publishers")["publishers"].at(0)["id"].as_int(), 8);

  const auto viewer = subscriber(host, kRoom, 8);
  assert_int_equal(host.routes.size(), 2);
  assert_true(host.routes.begin()->second.from == host.receivers.begin()->first);
  host.unasked(viewer);

  const Json more = list_of({remote_stream("audio", "b", 6, "opus")});
  ask(host, host.attach(),
      {{"request", "update_remote_publisher"}, {"room", kRoom}, {"id", 8}, {"streams", more}});
  assert_int_equal(host.receivers.size(), 1);
  assert_int_equal(host.receivers.begin()->second.size(), 3);
  assert_int_equal(host.routes.size(), 2);
  assert_true(host.routes.begin()->second.from == host.receivers.begin()->first);
  assert_int_equal(told(host, bob, "publishers")["publishers"].at(0)["streams"].size(), 3);

  const auto remove = [&] {
    return ask(host, host.attach(),
               {{"request", "remove_remote_publisher"}, {"room", kRoom}, {"id", 8}});
  };
  assert_int_equal(code(remove()), 0);
  assert_true(host.receivers.empty());
  assert_int_equal(told(host, bob, "leaving")["leaving"].as_int(), 8);
  assert_int_equal(code(remove()), 428);
}

void bad_remote_streams_are_refused(void**) {
  FakeHost host(MODULE_PATH);
  assert_int_equal(code(add_remote(host, Json::array())), 430);
  assert_int_equal(code(add_remote(host, list_of({remote_stream("x", "0", 0, "opus")}))), 430);
  assert_int_equal(code(add_remote(host, list_of({remote_stream("video", "0", 0, "opus")}))), 429);
  assert_int_equal(code(add_remote(host, list_of({remote_stream("video", "0", 0, nullptr)}))), 429);
  assert_true(host.receivers.empty());
}

void a_dummy_publisher_holds_places_for_subscribers(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  ask(host, someone,
      {{"request", "create"}, {"room", 5}, {"dummy_publisher", true}, {"videocodec", "vp8,vp9"}});
  const Json inside = ask(host, someone, {{"request", "listparticipants"}, {"room", 5}}).body;
  const Json dummy = inside["participants"].at(0);
  assert_true(dummy["dummy"].as_bool());
  const auto viewer = host.attach();
  const auto said = subscribe(host, viewer, 5, feed(dummy["id"].as_uint()));
  assert_int_equal(said.lines.size(), 3);
  host.answer(viewer, Json::object({{"request", "start"}}));
  assert_true(host.routes.empty());
  publisher(host, 5, 1);
  const Json wanted = list_of({Json::object({{"feed", 1}, {"mid", "1"}, {"sub_mid", "1"}})});
  ask(host, viewer, {{"request", "switch"}, {"streams", wanted}});
  assert_int_equal(host.routes.size(), 1);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(each_listed_stream_gets_a_forwarder),
      cmocka_unit_test(bad_forwards_change_nothing),
      cmocka_unit_test(bounds_hold_and_are_counted),
      cmocka_unit_test(the_old_form_names_ports_by_kind),
      cmocka_unit_test(forwarding_can_need_the_admin_key),
      cmocka_unit_test(a_publisher_goes_to_another_server_by_numbered_ssrcs),
      cmocka_unit_test(a_remote_publisher_can_be_subscribed_to),
      cmocka_unit_test(bad_remote_streams_are_refused),
      cmocka_unit_test(a_dummy_publisher_holds_places_for_subscribers),
  };
  return cmocka_run_group_tests_name("plugins/videoroom/forwards", tests, nullptr, nullptr);
}
