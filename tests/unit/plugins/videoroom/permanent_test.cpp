// VideoRoom: rooms that come back, ids that are texts, tokens that are signed.
#include "tests/unit/plugins/videoroom/services.hpp"
// cmocka's macro `fail` must come behind the streams that <filesystem> brings.
#include "tests/support/cmocka.hpp"
#include "tests/unit/plugins/videoroom/people.hpp"

namespace {

using namespace cardea;
using namespace cardea::tests;

FakeHost start(const Json& config = Json::object()) {
  return FakeHost(MODULE_PATH, config, {{CARDEA_SERVER, &kServer}, {CARDEA_TOKENS, &kTokens}});
}

bool exists(FakeHost& host, const Json& room) {
  return ask(host, host.attach(), {{"request", "exists"}, {"room", room}}).body["exists"].as_bool();
}

void a_permanent_room_comes_back_with_its_options(void**) {
  const DataFolder folder;
  {
    FakeHost host = start();
    const Json made = ask(host, host.attach(),
                          {{"request", "create"},
                           {"room", 5},
                           {"permanent", true},
                           {"secret", "s"},
                           {"publishers", 9},
                           {"videocodec", "vp9,h264"}})
                          .body;
    assert_true(made["permanent"].as_bool());
    ask(host, host.attach(), {{"request", "create"}, {"room", 6}});
    const Json edited = ask(host, host.attach(),
                            {{"request", "edit"},
                             {"room", 5},
                             {"secret", "s"},
                             {"permanent", true},
                             {"new_description", "Five"}})
                            .body;
    assert_true(edited["permanent"].as_bool());
  }
  FakeHost again = start();
  assert_false(exists(again, 6));
  const Json list = ask(again, again.attach(), {{"request", "list"}}).body["list"];
  assert_int_equal(list.size(), 2);
  assert_string_equal(list.at(0)["description"].text_or().c_str(), "Five");
  assert_int_equal(list.at(0)["max_publishers"].as_int(), 9);
  assert_string_equal(list.at(0)["videocodec"].text_or().c_str(), "vp9,h264");
  assert_int_equal(code(ask(again, again.attach(), {{"request", "destroy"}, {"room", 5}})), 429);
}

void a_permanent_destroy_holds_for_rooms_of_the_configuration_too(void**) {
  const DataFolder folder;
  const Json config = Json::object({{"room-7", Json::object({{"description", "Seven"}})}});
  {
    FakeHost host = start(config);
    for (const int room : {7, 1234}) {
      const Json gone =
          ask(host, host.attach(), {{"request", "destroy"}, {"room", room}, {"permanent", true}})
              .body;
      assert_true(gone["permanent"].as_bool());
    }
  }
  FakeHost again = start(config);
  assert_false(exists(again, 7));
  assert_false(exists(again, 1234));
}

void without_a_data_folder_nothing_is_permanent(void**) {
  FakeHost host(MODULE_PATH);
  const auto said =
      ask(host, host.attach(), {{"request", "create"}, {"room", 5}, {"permanent", true}});
  assert_false(said.body["permanent"].as_bool(true));
}

void with_string_ids_every_id_is_a_text(void**) {
  const DataFolder folder;
  const Json config = Json::object({{"general", Json::object({{"string_ids", true}})}});
  {
    FakeHost host = start(config);
    assert_int_equal(code(ask(host, host.attach(), {{"request", "create"}, {"room", 5}})), 430);
    const Json made =
        ask(host, host.attach(), {{"request", "create"}, {"room", "my/room"}, {"permanent", true}})
            .body;
    assert_string_equal(made["room"].text_or().c_str(), "my/room");
    assert_true(made["permanent"].as_bool());
    assert_true(ask(host, host.attach(), {{"request", "create"}}).body["room"].is_string());
    const auto alice = host.attach();
    const auto body = Json::object({{"request", "joinandconfigure"},
                                    {"room", "my/room"},
                                    {"ptype", "publisher"},
                                    {"id", "al"}});
    const auto joined = host.offer(alice, body, audio_and_video());
    assert_string_equal(joined.body["id"].text_or().c_str(), "al");
    host.media_up(alice);
    const Json streams = Json::array().push(Json::object({{"feed", "al"}}));
    const auto attached = ask(
        host, host.attach(),
        {{"request", "join"}, {"room", "my/room"}, {"ptype", "subscriber"}, {"streams", streams}});
    assert_string_equal(attached.body["streams"].at(0)["feed_id"].text_or().c_str(), "al");
    const Json wrong = Json::array().push(Json::object({{"feed", 1}}));
    assert_int_equal(code(ask(host, host.attach(),
                              {{"request", "join"},
                               {"room", "my/room"},
                               {"ptype", "subscriber"},
                               {"streams", wrong}})),
                     430);
    ask(host, host.attach(), {{"request", "kick"}, {"room", "my/room"}, {"id", "al"}});
    assert_string_equal(told(host, alice, "reason")["reason"].text_or().c_str(), "kicked");
  }
  FakeHost again = start(config);
  assert_true(exists(again, "my/room"));
  assert_true(exists(again, "1234"));
}

Said enter(FakeHost& host, const Json& token, std::uint64_t id = 0) {
  Json body = Json::object({{"request", "join"}, {"room", 5}, {"ptype", "publisher"}});
  body.set("token", token);
  if (id != 0) {
    body.set("id", id);
  }
  return host.message(host.attach(), body);
}

void a_room_with_signed_tokens_takes_those_for_it_alone(void**) {
  const DataFolder folder;
  FakeHost host = start();
  ask(host, host.attach(), {{"request", "create"}, {"room", 5}, {"signed_tokens", true}});
  assert_int_equal(code(enter(host, {})), 433);
  assert_int_equal(code(enter(host, "janus.plugin.videoroom,room=6")), 433);
  assert_int_equal(code(enter(host, "janus,room=5")), 433);
  assert_int_equal(code(enter(host, "janus.plugin.videoroom,room=5")), 0);
  assert_int_equal(code(enter(host, "janus.plugin.videoroom,room=5,user=8", 9)), 433);
  assert_int_equal(code(enter(host, "janus.plugin.videoroom,room=5,user=8", 8)), 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_permanent_room_comes_back_with_its_options),
      cmocka_unit_test(a_permanent_destroy_holds_for_rooms_of_the_configuration_too),
      cmocka_unit_test(without_a_data_folder_nothing_is_permanent),
      cmocka_unit_test(with_string_ids_every_id_is_a_text),
      cmocka_unit_test(a_room_with_signed_tokens_takes_those_for_it_alone),
  };
  return cmocka_run_group_tests_name("plugins/videoroom/permanent", tests, nullptr, nullptr);
}
