// VideoRoom: layers, delays, who talks, recordings, and what event handlers hear of it.
#include "tests/unit/plugins/videoroom/services.hpp"
// cmocka's macro `fail` must come behind the streams that <filesystem> brings.
#include <fstream>
#include <iterator>

#include "tests/support/cmocka.hpp"
#include "tests/unit/plugins/videoroom/people.hpp"

namespace {

using namespace cardea;
using namespace cardea::tests;

constexpr std::uint64_t kRoom = 5;

FakeHost start(const Json& general = Json::object()) {
  return FakeHost(
      MODULE_PATH, Json::object({{"general", general}}),
      {{CARDEA_SERVER, &kServer}, {CARDEA_EVENTS, &kEvents}, {CARDEA_EXECUTOR, &kExecutor}});
}

void create(FakeHost& host, Members more) {
  Json body = Json::object({{"request", "create"}, {"room", kRoom}});
  for (const auto& [name, value] : more) {
    body.set(name, value);
  }
  assert_string_equal(kind(host.message(host.attach(), body)), "created");
}

cardea_media_event_t event(cardea_media_event_type_t type, std::uint32_t mline, int value) {
  cardea_media_event_t out{};
  out.size = sizeof out;
  out.type = type;
  out.mline = mline;
  out.value = value;
  out.temporal = -1;
  return out;
}

void wishes_of_layers_and_delays_reach_the_route(void**) {
  FakeHost host = start();
  create(host, {});
  publisher(host, kRoom, 1);
  const auto viewer = subscriber(host, kRoom, 1);
  const Json wish = Json::array().push(Json::object({{"mid", "1"},
                                                     {"substream", 1},
                                                     {"temporal", 0},
                                                     {"fallback", 500'000},
                                                     {"min_delay", 2},
                                                     {"max_delay", 30}}));
  ask(host, viewer, {{"request", "configure"}, {"streams", wish}});
  const auto& settings = host.routes.rbegin()->second.settings;
  assert_int_equal(settings.substream, 1);
  assert_int_equal(settings.temporal, 0);
  assert_int_equal(settings.fallback_us, 500'000);
  assert_int_equal(settings.min_delay_ms, 20);
  assert_int_equal(settings.max_delay_ms, 300);
  ask(host, viewer, {{"request", "configure"}, {"substream", 2}});
  assert_int_equal(host.routes.rbegin()->second.settings.substream, 2);
  assert_int_equal(host.routes.rbegin()->second.settings.temporal, 0);
  assert_int_equal(code(ask(host, viewer, {{"request", "configure"}, {"substream", 3}})), 430);
}

void a_viewer_is_told_of_each_new_layer_once(void**) {
  FakeHost host = start();
  create(host, {});
  publisher(host, kRoom, 1);
  const auto viewer = subscriber(host, kRoom, 1);
  host.unasked(viewer);
  auto layer = event(CARDEA_MEDIA_LAYER, 1, 2);
  layer.temporal = 1;
  host.media(viewer, layer);
  host.media(viewer, layer);
  const auto told_of = host.unasked(viewer);
  assert_int_equal(told_of.size(), 2);
  assert_int_equal(told_of[0].body["substream"].as_int(), 2);
  assert_string_equal(told_of[0].body["mid"].text_or().c_str(), "1");
  assert_int_equal(told_of[1].body["temporal"].as_int(), 1);
}

void talking_is_told_to_everybody_and_listed(void**) {
  FakeHost host = start();
  create(host, {{"audiolevel_event", true}, {"audio_active_packets", 10}});
  const auto alice = publisher(host, kRoom, 1);
  assert_int_equal(host.line_sources.at({alice, 0}).talk_packets, 10);
  const auto bob = host.attach();
  join(host, bob, kRoom, 2);
  auto talks = event(CARDEA_MEDIA_TALKING, 0, 1);
  talks.level = 20.5;
  host.media(alice, talks);
  host.media(alice, talks);
  const auto heard = host.unasked(bob);
  assert_int_equal(heard.size(), 1);
  assert_string_equal(kind(heard[0]), "talking");
  assert_int_equal(heard[0].body["id"].as_int(), 1);
  assert_string_equal(heard[0].body["mid"].text_or().c_str(), "0");
  assert_string_equal(kind({told(host, alice, "audio-level-dBov-avg")}), "talking");
  const Json inside =
      ask(host, bob, {{"request", "listparticipants"}, {"room", kRoom}}).body["participants"];
  assert_true(inside.at(0)["talking"].as_bool());
  host.media(alice, event(CARDEA_MEDIA_TALKING, 0, 0));
  assert_string_equal(kind(host.unasked(bob).at(0)), "stopped-talking");
  ask(host, alice, {{"request", "configure"}, {"audio_level_average", 40}});
  assert_int_equal(host.line_sources.at({alice, 0}).talk_level, 40);
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void feed_tap(const TapMade& tap, std::string_view packet, std::int64_t at_us) {
  const cardea_tap_packet_t one{at_us, sdk::to_str(packet), 0};
  tap.settings.packets(tap.settings.argument, &one, 1, 0);
}

void a_recording_is_a_file_in_janus_form(void**) {
  const DataFolder folder;
  FakeHost host = start();
  create(host, {{"rec_dir", "five"}});
  const auto alice = publisher(host, kRoom, 1);
  assert_true(host.taps.empty());
  ask(host, alice, {{"request", "configure"}, {"record", true}, {"filename", "alice"}});
  assert_int_equal(host.taps.size(), 2);
  const std::string rtp(20, 'r');
  feed_tap(host.taps.begin()->second, rtp, 1'000'000);
  feed_tap(host.taps.begin()->second, rtp, 1'007'000);
  ask(host, alice, {{"request", "configure"}, {"record", false}});
  assert_true(host.taps.empty());
  const std::string file = bytes_of(folder.path() + "/recordings/five/alice-audio-0.mjr");
  assert_string_equal(file.substr(0, 8).c_str(), "MJR00002");
  const auto length = static_cast<std::size_t>(static_cast<unsigned char>(file[9]));
  const Json header = *Json::parse(file.substr(10, length));
  assert_string_equal(header["t"].text_or().c_str(), "a");
  assert_string_equal(header["c"].text_or().c_str(), "opus");
  assert_true(header["u"].as_int() >= header["s"].as_int());
  const std::string packets = file.substr(10 + length);
  assert_int_equal(packets.size(), 2 * (10 + rtp.size()));
  assert_string_equal(packets.substr(0, 4).c_str(), "MEET");
  assert_int_equal(packets[9], 20);
  assert_int_equal(packets[30 + 7], 7);
}

void no_client_records_outside_of_the_folder(void**) {
  const DataFolder folder;
  FakeHost host = start();
  assert_int_equal(code(ask(host, host.attach(),
                            {{"request", "create"}, {"room", kRoom}, {"rec_dir", "../elsewhere"}})),
                   430);
  create(host, {});
  const auto alice = publisher(host, kRoom, 1);
  for (const char* name : {"../../alice", "/tmp/alice"}) {
    ask(host, alice, {{"request", "configure"}, {"record", true}, {"filename", name}});
    assert_true(host.taps.empty());
    ask(host, alice, {{"request", "configure"}, {"record", false}});
  }
}

void threat_m12_a_recording_beyond_the_quota_ends_with_an_event_and_media_goes_on(void**) {
  const DataFolder folder;
  FakeHost host = start(Json::object({{"recording_quota", 1}}));
  create(host, {{"record", true}});
  const auto alice = publisher(host, kRoom, 1);
  subscriber(host, kRoom, 1);
  assert_int_equal(host.taps.size(), 2);
  host.unasked(alice);
  events_heard.clear();
  const std::string rtp(1'000, 'r');
  const auto tap = host.taps.begin()->second;
  for (int i = 0; i < 1'100 && host.taps.size() == 2; ++i) {
    feed_tap(tap, rtp, i);
  }
  assert_int_equal(host.taps.size(), 1);
  const Json heard = told(host, alice, "recording");
  assert_string_equal(heard["recording"].text_or().c_str(), "stopped");
  assert_string_equal(heard["reason"].text_or().c_str(), "quota");
  assert_string_equal(events_heard.at(0)["event"].text_or().c_str(), "recording_stopped");
  assert_int_equal(host.routes.size(), 2);
}

void a_locked_recording_needs_the_secret(void**) {
  const DataFolder folder;
  FakeHost host = start();
  create(host, {{"lock_record", true}, {"secret", "s"}});
  const auto alice = publisher(host, kRoom, 1);
  ask(host, alice, {{"request", "configure"}, {"record", true}});
  assert_true(host.taps.empty());
  ask(host, alice, {{"request", "configure"}, {"record", true}, {"secret", "s"}});
  assert_int_equal(host.taps.size(), 2);
  const auto enable = [&](bool record) {
    return ask(
        host, host.attach(),
        {{"request", "enable_recording"}, {"room", kRoom}, {"secret", "s"}, {"record", record}});
  };
  assert_false(enable(false).body["record"].as_bool(true));
  assert_true(host.taps.empty());
  enable(true);
  assert_int_equal(host.taps.size(), 2);
}

void event_handlers_hear_what_happens(void**) {
  const DataFolder folder;
  FakeHost host = start();
  events_heard.clear();
  create(host, {});
  const auto alice = publisher(host, kRoom, 1);
  subscriber(host, kRoom, 1);
  ask(host, alice, {{"request", "leave"}});
  std::string names;
  for (const Json& each : events_heard) {
    names += each["event"].text_or() + " ";
  }
  assert_string_equal(
      names.c_str(),
      "created joined configured published subscribing subscribed unpublished leaving ");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(wishes_of_layers_and_delays_reach_the_route),
      cmocka_unit_test(a_viewer_is_told_of_each_new_layer_once),
      cmocka_unit_test(talking_is_told_to_everybody_and_listed),
      cmocka_unit_test(a_recording_is_a_file_in_janus_form),
      cmocka_unit_test(no_client_records_outside_of_the_folder),
      cmocka_unit_test(
          threat_m12_a_recording_beyond_the_quota_ends_with_an_event_and_media_goes_on),
      cmocka_unit_test(a_locked_recording_needs_the_secret),
      cmocka_unit_test(event_handlers_hear_what_happens),
  };
  return cmocka_run_group_tests_name("plugins/videoroom/media", tests, nullptr, nullptr);
}
