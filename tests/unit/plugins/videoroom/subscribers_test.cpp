// VideoRoom: subscriptions, their offers and routes, and what becomes of them when sources go.
#include "tests/support/cmocka.hpp"
#include "tests/unit/plugins/videoroom/people.hpp"

namespace {

using namespace cardea;
using namespace cardea::tests;

constexpr std::uint64_t kRoom = 1234;

Said start(FakeHost& host, cardea_handle_t who) {
  return host.answer(who, Json::object({{"request", "start"}}));
}

int paused(const FakeHost& host) {
  int count = 0;
  for (const auto& [id, route] : host.routes) {
    count += route.settings.paused;
  }
  return count;
}

void media_flows_after_the_answer(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  const auto viewer = host.attach();
  const auto attached = subscribe(host, viewer, kRoom, feed(1));
  assert_string_equal(kind(attached), "attached");
  assert_int_equal(attached.jsep, CARDEA_JSEP_OFFER);
  assert_int_equal(attached.lines[0].direction, CARDEA_SENDONLY);
  assert_true(host.routes.empty());
  assert_string_equal(start(host, viewer).body["started"].text_or().c_str(), "ok");
  assert_int_equal(host.routes.size(), 2);
  assert_true(host.routes.begin()->second.from == alice);
  assert_true(host.routes.begin()->second.to == viewer);
}

void only_connected_feeds_can_be_subscribed_to(void**) {
  FakeHost host(MODULE_PATH);
  join(host, host.attach(), kRoom, 1);
  const auto viewer = host.attach();
  assert_int_equal(code(subscribe(host, viewer, kRoom, feed(1))), 428);
  assert_int_equal(code(subscribe(host, viewer, kRoom, feed(9))), 428);
  assert_int_equal(code(subscribe(host, viewer, kRoom, Json::array())), 429);
  assert_int_equal(code(subscribe(host, viewer, kRoom, Json::array().push(Json::object()))), 429);
  assert_int_equal(code(ask(host, viewer, {{"request", "pause"}})), 424);
}

void the_old_form_names_the_feed_and_what_of_it(void**) {
  FakeHost host(MODULE_PATH);
  publisher(host, kRoom, 1);
  const auto said = ask(host, host.attach(),
                        {{"request", "join"},
                         {"room", kRoom},
                         {"ptype", "subscriber"},
                         {"feed", 1},
                         {"offer_audio", false}});
  assert_int_equal(said.lines.size(), 1);
  assert_int_equal(said.lines[0].kind, CARDEA_VIDEO);
  assert_int_equal(said.body["id"].as_int(), 1);
}

void pause_start_and_single_streams_hold_media_back(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  const auto viewer = subscriber(host, kRoom, 1);
  ask(host, viewer, {{"request", "pause"}});
  assert_int_equal(paused(host), 2);
  ask(host, viewer, {{"request", "start"}});
  assert_int_equal(paused(host), 0);
  ask(host, viewer, {{"request", "configure"}, {"mid", "1"}, {"send", false}, {"substream", 1}});
  assert_int_equal(paused(host), 1);
  ask(host, viewer, {{"request", "configure"}, {"video", true}});
  assert_int_equal(paused(host), 0);
  const Json off = Json::array().push(Json::object({{"mid", "0"}, {"send", false}}));
  ask(host, alice, {{"request", "configure"}, {"streams", off}});
  assert_int_equal(paused(host), 1);
}

void a_moderator_holds_a_stream_back(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  subscriber(host, kRoom, 1);
  host.unasked(alice);
  const auto muted =
      ask(host, host.attach(),
          {{"request", "moderate"}, {"room", kRoom}, {"id", 1}, {"mid", "0"}, {"mute", true}});
  assert_int_equal(code(muted), 0);
  assert_int_equal(paused(host), 1);
  const Json audio_on = Json::array().push(Json::object({{"mid", "0"}, {"send", true}}));
  ask(host, alice, {{"request", "configure"}, {"streams", audio_on}});
  assert_int_equal(paused(host), 1);
}

void a_source_that_goes_is_offered_away(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  const auto viewer = subscriber(host, kRoom, 1);
  ask(host, alice, {{"request", "unpublish"}});
  const auto pushed = host.unasked(viewer);
  assert_int_equal(pushed.size(), 1);
  assert_string_equal(kind(pushed[0]), "updated");
  assert_int_equal(pushed[0].jsep, CARDEA_JSEP_OFFER);
  assert_int_equal(pushed[0].lines[0].direction, CARDEA_INACTIVE);
  assert_false(pushed[0].body["streams"].at(0)["active"].as_bool(true));
  assert_true(host.routes.empty());
}

void changes_wait_while_an_offer_is_unanswered(void**) {
  FakeHost host(MODULE_PATH);
  publisher(host, kRoom, 1);
  publisher(host, kRoom, 2);
  const auto viewer = host.attach();
  subscribe(host, viewer, kRoom, feed(1));
  const auto waits = ask(host, viewer, {{"request", "subscribe"}, {"streams", feed(2)}});
  assert_string_equal(kind(waits), "updating");
  assert_int_equal(waits.jsep, CARDEA_JSEP_NONE);
  start(host, viewer);
  const auto pushed = host.unasked(viewer);
  assert_int_equal(pushed.size(), 1);
  assert_string_equal(kind(pushed[0]), "updated");
  assert_int_equal(pushed[0].lines.size(), 4);
  assert_int_equal(host.routes.size(), 2);
  start(host, viewer);
  assert_int_equal(host.routes.size(), 4);
}

void a_freed_line_is_used_again(void**) {
  FakeHost host(MODULE_PATH);
  publisher(host, kRoom, 1);
  publisher(host, kRoom, 2);
  const auto viewer = subscriber(host, kRoom, 1);
  const Json unwanted = Json::array().push(Json::object({{"sub_mid", "1"}}));
  auto said = ask(host, viewer, {{"request", "unsubscribe"}, {"streams", unwanted}});
  assert_int_equal(said.lines[1].direction, CARDEA_INACTIVE);
  assert_int_equal(host.routes.size(), 1);
  start(host, viewer);
  const Json wanted = Json::array().push(Json::object({{"feed", 2}, {"mid", "1"}}));
  said = ask(host, viewer, {{"request", "update"}, {"subscribe", wanted}});
  assert_int_equal(said.lines.size(), 2);
  assert_int_equal(said.body["streams"].at(1)["feed_id"].as_int(), 2);
  start(host, viewer);
  assert_int_equal(host.routes.size(), 2);
}

void switching_needs_no_offer_for_the_same_codec(void**) {
  FakeHost host(MODULE_PATH);
  publisher(host, kRoom, 1);
  const auto bob = publisher(host, kRoom, 2);
  const auto viewer = subscriber(host, kRoom, 1);
  const Json wanted =
      Json::array().push(Json::object({{"feed", 2}, {"mid", "1"}, {"sub_mid", "1"}}));
  const auto said = ask(host, viewer, {{"request", "switch"}, {"streams", wanted}});
  assert_string_equal(said.body["switched"].text_or().c_str(), "ok");
  assert_true(host.unasked(viewer).empty());
  assert_int_equal(host.routes.size(), 2);
  assert_true(host.routes.rbegin()->second.from == bob);
}

/// The routes to one line of a viewer.
int routes_to(const FakeHost& host, cardea_handle_t viewer, std::uint32_t mline) {
  int count = 0;
  for (const auto& [id, route] : host.routes) {
    count += route.to == viewer && route.to_mline == mline ? 1 : 0;
  }
  return count;
}

void a_switch_ends_the_old_route(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  publisher(host, kRoom, 2);
  const auto viewer = subscriber(host, kRoom, 1);
  const auto old = host.routes.rbegin();
  const cardea_route_t old_id = old->first;
  assert_int_equal(old->second.to_mline, 1);
  for (const int feed : {2, 1, 2, 2}) {
    const Json wanted =
        Json::array().push(Json::object({{"feed", feed}, {"mid", "1"}, {"sub_mid", "1"}}));
    ask(host, viewer, {{"request", "switch"}, {"streams", wanted}});
    assert_int_equal(routes_to(host, viewer, 0), 1);
    assert_int_equal(routes_to(host, viewer, 1), 1);
  }
  assert_false(host.routes.contains(old_id));
  // The one that it came from may go without a word.
  host.unasked(viewer);
  host.detach(alice);
  assert_int_equal(routes_to(host, viewer, 1), 1);
}

void a_stream_that_is_held_back_needs_no_offer_unless_its_codec_changes(void**) {
  FakeHost host(MODULE_PATH);
  const auto alice = publisher(host, kRoom, 1);
  const auto viewer = subscriber(host, kRoom, 1);
  const auto renegotiate = [&](const Offer& offer) {
    host.offer(alice, Json::object({{"request", "configure"}}), offer);
  };
  Offer held = audio_and_video();
  held[1].direction = CARDEA_INACTIVE;
  renegotiate(held);
  assert_true(host.unasked(viewer).empty());
  assert_int_equal(paused(host), 1);
  renegotiate(audio_and_video());
  assert_true(host.unasked(viewer).empty());
  assert_int_equal(paused(host), 0);

  renegotiate(held);
  const auto offered = ask(host, viewer, {{"request", "configure"}, {"restart", true}});
  assert_int_equal(offered.lines[1].direction, CARDEA_INACTIVE);
  start(host, viewer);
  renegotiate(audio_and_video());
  const auto pushed = host.unasked(viewer);
  assert_int_equal(pushed.size(), 1);
  assert_int_equal(pushed[0].lines[1].direction, CARDEA_SENDONLY);
}

void a_subscription_has_a_bound(void**) {
  FakeHost host(MODULE_PATH, Json::object({{"general", Json::object({{"max_streams", 3}})}}));
  publisher(host, kRoom, 1);
  const auto viewer = host.attach();
  const Json twice = feed(1).push(Json::object({{"feed", 1}}));
  assert_int_equal(code(subscribe(host, viewer, kRoom, twice)), 430);
  assert_int_equal(code(subscribe(host, viewer, kRoom, feed(1))), 0);
}

void the_msid_names_the_publisher_when_asked(void**) {
  FakeHost host(MODULE_PATH);
  publisher(host, kRoom, 77);
  const auto said = ask(host, host.attach(),
                        {{"request", "join"},
                         {"room", kRoom},
                         {"ptype", "subscriber"},
                         {"use_msid", true},
                         {"streams", feed(77)}});
  assert_string_equal(said.lines[0].msid_stream.c_str(), "77");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(media_flows_after_the_answer),
      cmocka_unit_test(only_connected_feeds_can_be_subscribed_to),
      cmocka_unit_test(the_old_form_names_the_feed_and_what_of_it),
      cmocka_unit_test(pause_start_and_single_streams_hold_media_back),
      cmocka_unit_test(a_moderator_holds_a_stream_back),
      cmocka_unit_test(a_source_that_goes_is_offered_away),
      cmocka_unit_test(changes_wait_while_an_offer_is_unanswered),
      cmocka_unit_test(a_freed_line_is_used_again),
      cmocka_unit_test(switching_needs_no_offer_for_the_same_codec),
      cmocka_unit_test(a_switch_ends_the_old_route),
      cmocka_unit_test(a_stream_that_is_held_back_needs_no_offer_unless_its_codec_changes),
      cmocka_unit_test(a_subscription_has_a_bound),
      cmocka_unit_test(the_msid_names_the_publisher_when_asked),
  };
  return cmocka_run_group_tests_name("plugins/videoroom/subscribers", tests, nullptr, nullptr);
}
