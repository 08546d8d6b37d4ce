// VideoRoom: joining, publishing, what the others are told, and the rules on the way.
#include "tests/support/cmocka.hpp"
#include "tests/unit/plugins/videoroom/people.hpp"

namespace {

using namespace cardea;
using namespace cardea::tests;

constexpr std::uint64_t kRoom = 1234;

void the_others_hear_of_a_feed_when_it_is_connected(void**) {
  FakeHost host(MODULE_PATH);
  const auto bob = host.attach();
  join(host, bob, kRoom, 2);
  const auto alice = host.attach();
  join(host, alice, kRoom, 1);
  const auto said = host.offer(alice, Json::object({{"request", "publish"}}), audio_and_video());
  assert_string_equal(said.body["configured"].text_or().c_str(), "ok");
  assert_string_equal(said.lines[1].codecs.at(0).c_str(), "vp8");
  assert_int_equal(said.lines[1].direction, CARDEA_RECVONLY);
  assert_true(host.unasked(bob).empty());
  host.media_up(alice);
  const Json entry = told(host, bob, "publishers")["publishers"].at(0);
  assert_int_equal(entry["id"].as_int(), 1);
  const Json video = entry["streams"].at(1);
  assert_string_equal(video["type"].text_or().c_str(), "video");
  assert_string_equal(video["mid"].text_or().c_str(), "1");
  assert_int_equal(video["mindex"].as_int(), 1);
  assert_string_equal(video["codec"].text_or().c_str(), "vp8");
  assert_true(host.unasked(alice).empty());
}

void a_later_joiner_sees_who_publishes(void**) {
  FakeHost host(MODULE_PATH);
  publisher(host, kRoom, 1);
  const Json publishers = join(host, host.attach(), kRoom).body["publishers"];
  assert_int_equal(publishers.size(), 1);
  assert_false(publishers.at(0)["talking"].as_bool(true));
}

void requests_of_a_role_need_it(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  assert_int_equal(code(ask(host, someone, {{"request", "configure"}})), 424);
  join(host, someone, kRoom, 1);
  assert_int_equal(code(ask(host, someone, {{"request", "start"}})), 423);
  assert_int_equal(code(join(host, someone, kRoom)), 425);
  assert_int_equal(code(join(host, host.attach(), kRoom, 1)), 436);
  assert_int_equal(code(ask(host, someone, {{"request", "unpublish"}})), 435);
}

void the_room_allows_so_many_publishers_and_no_more(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  ask(host, someone, {{"request", "create"}, {"room", 5}, {"publishers", 1}});
  const auto first = publisher(host, 5, 1);
  const auto second = host.attach();
  join(host, second, 5, 2);
  const auto publish = Json::object({{"request", "publish"}});
  assert_int_equal(code(host.offer(second, publish, audio_and_video())), 432);
  ask(host, first, {{"request", "unpublish"}});
  assert_int_equal(code(host.offer(second, publish, audio_and_video())), 0);
}

void joinandconfigure_of_a_full_room_leaves_no_trace(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  ask(host, someone, {{"request", "create"}, {"room", 5}, {"publishers", 1}});
  publisher(host, 5, 1);
  const Json body =
      Json::object({{"request", "joinandconfigure"}, {"room", 5}, {"ptype", "publisher"}});
  assert_int_equal(code(host.offer(someone, body, audio_and_video())), 432);
  const Json inside = ask(host, someone, {{"request", "listparticipants"}, {"room", 5}}).body;
  assert_int_equal(inside["participants"].size(), 1);
  assert_int_equal(code(ask(host, someone, {{"request", "configure"}})), 424);
}

void the_rooms_codecs_decide(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  ask(host, someone, {{"request", "create"}, {"room", 5}, {"videocodec", "h264,vp9"}});
  join(host, someone, 5, 1);
  const Json body = Json::object({{"request", "publish"}, {"videocodec", "vp9"}});
  const auto wished = host.offer(someone, body, audio_and_video());
  assert_string_equal(wished.body["video_codec"].text_or().c_str(), "vp9");
  const auto other = host.attach();
  join(host, other, 5, 2);
  const Offer vp8_only = {{CARDEA_VIDEO, "0", {"vp8"}}};
  const auto refused = host.offer(other, Json::object({{"request", "publish"}}), vp8_only);
  assert_true(refused.body["streams"].at(0)["disabled"].as_bool());
  assert_int_equal(refused.lines[0].direction, CARDEA_INACTIVE);
}

void the_bitrate_cap_holds(void**) {
  FakeHost host(MODULE_PATH);
  ask(host, host.attach(),
      {{"request", "create"},
       {"room", 5},
       {"bitrate", 200'000},
       {"bitrate_cap", true},
       {"fir_freq", 7}});
  const auto alice = publisher(host, 5, 1);
  assert_int_equal(host.sources[alice].bitrate, 200'000);
  assert_int_equal(host.line_sources.at({alice, 0}).keyframe_seconds, 0);
  assert_int_equal(host.line_sources.at({alice, 1}).keyframe_seconds, 7);
  ask(host, alice, {{"request", "configure"}, {"bitrate", 900'000}});
  assert_int_equal(host.sources[alice].bitrate, 200'000);
  ask(host, alice, {{"request", "configure"}, {"bitrate", 0}});
  assert_int_equal(host.sources[alice].bitrate, 200'000);
  ask(host, alice, {{"request", "configure"}, {"bitrate", 100'000}, {"keyframe", true}});
  assert_int_equal(host.sources[alice].bitrate, 100'000);
  assert_int_equal(host.keyframe_requests.size(), 1);

  const auto bob = publisher(host, 5, 2);
  ask(host, bob, {{"request", "edit"}, {"room", 5}, {"new_bitrate", 150'000}, {"new_fir_freq", 9}});
  assert_int_equal(host.sources[alice].bitrate, 100'000);
  assert_int_equal(host.sources[bob].bitrate, 150'000);
  assert_int_equal(host.line_sources.at({alice, 1}).keyframe_seconds, 9);
}

void what_a_publisher_says_of_itself_at_joining_is_checked_too(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = host.attach();
  const Json no_text = Json::array().push(Json::object({{"mid", 5}, {"description", "x"}}));
  const Json no_mid = Json::array().push(Json::object({{"description", "x"}}));
  const struct {
    const char* member;
    Json value;
    int code;
  } rows[] = {
      {"bitrate", "fast", 430},      {"bitrate", -1, 430},
      {"descriptions", "x", 430},    {"descriptions", no_text, 430},
      {"descriptions", no_mid, 429}, {"record", "yes", 430},
      {"filename", 5, 430},          {"secret", 5, 430},
      {"audiocodec", 5, 430},
  };
  for (const auto& row : rows) {
    for (const char* request : {"join", "joinandconfigure"}) {
      Json body = Json::object({{"request", request}, {"room", kRoom}, {"ptype", "publisher"}});
      body.set(row.member, row.value);
      const Said said = host.offer(alice, body, audio_and_video());
      assert_int_equal(code(said), row.code);
    }
  }
  assert_string_equal(kind(join(host, alice, kRoom, 1)), "joined");
}

void leaving_and_unpublishing_are_told_once(void**) {
  FakeHost host(MODULE_PATH);
  const auto bob = host.attach();
  join(host, bob, kRoom, 2);
  const auto alice = publisher(host, kRoom, 1);
  host.unasked(bob);
  ask(host, alice, {{"request", "unpublish"}});
  auto events = host.unasked(bob);
  assert_int_equal(events.size(), 1);
  assert_int_equal(events[0].body["unpublished"].as_int(), 1);
  ask(host, alice, {{"request", "leave"}});
  events = host.unasked(bob);
  assert_int_equal(events.size(), 1);
  assert_int_equal(events[0].body["leaving"].as_int(), 1);
  assert_int_equal(code(ask(host, alice, {{"request", "leave"}})), 426);
  assert_string_equal(kind(join(host, alice, kRoom, 1)), "joined");
  host.unasked(bob);
  host.detach(alice);
  assert_int_equal(told(host, bob, "leaving")["leaving"].as_int(), 1);
}

void joining_is_told_where_the_room_says_so(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = host.attach();
  ask(host, alice, {{"request", "create"}, {"room", 5}, {"notify_joining", true}});
  join(host, alice, 5, 1);
  const auto bob = host.attach();
  const Json joined = join(host, bob, 5, 2).body;
  assert_int_equal(joined["attendees"].at(0)["id"].as_int(), 1);
  assert_int_equal(told(host, alice, "joining")["joining"]["id"].as_int(), 2);
  ask(host, bob, {{"request", "configure"}, {"display", "Bob"}});
  assert_string_equal(told(host, alice, "display")["display"].text_or().c_str(), "Bob");
}

void a_kick_is_told_to_the_kicked_and_to_the_room(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  const auto bob = host.attach();
  join(host, bob, kRoom, 2);
  assert_int_equal(code(ask(host, bob, {{"request", "kick"}, {"room", kRoom}, {"id", 9}})), 428);
  ask(host, bob, {{"request", "kick"}, {"room", kRoom}, {"id", 1}});
  assert_string_equal(told(host, alice, "reason")["reason"].text_or().c_str(), "kicked");
  assert_int_equal(told(host, bob, "kicked")["kicked"].as_int(), 1);
  assert_int_equal(code(ask(host, alice, {{"request", "configure"}})), 426);
}

void destroying_tells_everybody_and_ends_their_stay(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  const auto viewer = subscriber(host, kRoom, 1);
  host.unasked(alice);
  ask(host, host.attach(), {{"request", "destroy"}, {"room", kRoom}});
  const auto events = host.unasked(alice);
  assert_int_equal(events.size(), 1);
  assert_string_equal(kind(events[0]), "destroyed");
  assert_int_equal(code(ask(host, alice, {{"request", "configure"}})), 426);
  assert_int_equal(code(ask(host, viewer, {{"request", "pause"}})), 426);
  assert_true(host.routes.empty());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_others_hear_of_a_feed_when_it_is_connected),
      cmocka_unit_test(a_later_joiner_sees_who_publishes),
      cmocka_unit_test(requests_of_a_role_need_it),
      cmocka_unit_test(the_room_allows_so_many_publishers_and_no_more),
      cmocka_unit_test(joinandconfigure_of_a_full_room_leaves_no_trace),
      cmocka_unit_test(the_rooms_codecs_decide),
      cmocka_unit_test(the_bitrate_cap_holds),
      cmocka_unit_test(what_a_publisher_says_of_itself_at_joining_is_checked_too),
      cmocka_unit_test(leaving_and_unpublishing_are_told_once),
      cmocka_unit_test(joining_is_told_where_the_room_says_so),
      cmocka_unit_test(a_kick_is_told_to_the_kicked_and_to_the_room),
      cmocka_unit_test(destroying_tells_everybody_and_ends_their_stay),
  };
  return cmocka_run_group_tests_name("plugins/videoroom/publishers", tests, nullptr, nullptr);
}
