// TextRoom: rooms by request and by configuration, members, messages, and who may do what.
#include <algorithm>

#include "tests/support/cmocka.hpp"
#include "tests/support/fake_host.hpp"

namespace {

using namespace cardea;
using tests::DataSent;
using tests::FakeHost;

constexpr const char* kLabel = "JanusDataChannel";

Json object(std::initializer_list<std::pair<const char*, Json>> members) {
  return Json::object(members);
}

int code(const Json& body) { return static_cast<int>(body["error_code"].as_int()); }

/// A client whose data channel is up.
struct Person {
  explicit Person(FakeHost& fake) : host(fake), handle(fake.attach()) {
    host.message(handle, object({{"request", "setup"}}));
    host.answer(handle, object({{"request", "ack"}}));
    host.media_up(handle);
    host.data_up(handle);
  }

  /// All that came since the last look.
  std::vector<Json> heard() const {
    std::vector<Json> out;
    for (const DataSent& each : host.take_data(handle)) {
      out.push_back(*Json::parse(each.payload));
    }
    return out;
  }
  void send(const std::string& text) const { host.data(handle, {kLabel, {}, false, text}); }
  /// The answer to a request over the channel; what came before it is dropped.
  Json ask(const char* request, Json body) const {
    heard();
    send(body.set("textroom", request).set("transaction", "t").dump());
    for (const Json& each : heard()) {
      if (each.has("transaction")) {
        return each;
      }
    }
    return Json();
  }
  Json join(int room, const char* name) const {
    return ask("join", object({{"room", room}, {"username", name}}));
  }

  FakeHost& host;
  cardea_handle_t handle;
};

/// The one of that kind among events, or absent.
Json find(const std::vector<Json>& events, const char* kind) {
  const auto found = std::find_if(events.begin(), events.end(), [&](const Json& each) {
    return each["textroom"].as_text() == kind && !each.has("transaction");
  });
  return found == events.end() ? Json() : *found;
}

Json api(FakeHost& host, const char* request, Json body) {
  const auto handle = host.attach();
  const Json answer = host.message(handle, body.set("request", request)).body;
  host.detach(handle);
  return answer;
}

void setup_offers_one_data_line_and_only_once(void**) {
  FakeHost host(MODULE_PATH);
  const auto handle = host.attach();
  const auto offered = host.message(handle, object({{"request", "setup"}}));
  assert_int_equal(offered.jsep, CARDEA_JSEP_OFFER);
  assert_int_equal(offered.lines.size(), 1);
  assert_int_equal(offered.lines[0].kind, CARDEA_DATA);
  assert_int_equal(code(host.message(handle, object({{"request", "setup"}})).body), 416);
  assert_string_equal(
      host.answer(handle, object({{"request", "ack"}})).body["result"].text_or().c_str(), "ok");
}

void a_message_reaches_all_members_and_nobody_else(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host), bob(host), outsider(host);
  alice.join(1234, "alice");
  const Json joined = bob.join(1234, "bob");
  assert_int_equal(joined["participants"].size(), 1);
  assert_string_equal(joined["participants"].at(0)["username"].text_or().c_str(), "alice");
  assert_true(find(alice.heard(), "join")["username"].as_text() == "bob");
  const Json sent = alice.ask("message", object({{"room", 1234}, {"text", "hello"}}));
  assert_true(sent["textroom"].as_text() == "success");
  const Json got = find(bob.heard(), "message");
  assert_true(got["text"].as_text() == "hello");
  assert_true(got["from"].as_text() == "alice");
  assert_false(got.has("whisper"));
  assert_true(outsider.heard().empty());
}

void a_whisper_reaches_its_members_only_and_tells_who_got_it(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host), bob(host), carol(host);
  alice.join(1234, "alice");
  bob.join(1234, "bob");
  carol.join(1234, "carol");
  carol.heard();
  Json tos = Json::array();
  tos.push("bob").push("nobody");
  const Json sent = alice.ask("message", object({{"room", 1234}, {"text", "psst"}, {"tos", tos}}));
  assert_true(sent["sent"]["bob"].as_bool());
  assert_false(sent["sent"]["nobody"].as_bool(true));
  assert_true(find(bob.heard(), "message")["whisper"].as_bool());
  assert_true(carol.heard().empty());
  assert_int_equal(
      code(alice.ask("message",
                     object({{"room", 1234}, {"text", "x"}, {"to", "bob"}, {"tos", tos}}))),
      414);
  tos.push(5);
  assert_int_equal(
      code(alice.ask("message", object({{"room", 1234}, {"text", "x"}, {"tos", tos}}))), 414);
}

void only_members_speak_in_a_room(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host);
  assert_int_equal(code(alice.ask("message", object({{"room", 1234}, {"text", "x"}}))), 422);
  assert_int_equal(code(alice.ask("leave", object({{"room", 1234}}))), 422);
  assert_int_equal(code(alice.ask("message", object({{"room", 9}, {"text", "x"}}))), 417);
}

void no_ack_means_no_answer(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host);
  alice.join(1234, "alice");
  assert_true(!alice.ask("message", object({{"room", 1234}, {"text", "x"}, {"ack", false}})));
}

void bad_json_gets_no_answer_and_bad_requests_one(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host);
  alice.send("nonsense");
  host.data(alice.handle, {kLabel, {}, true, "{}"});
  assert_true(alice.heard().empty());
  alice.send("{}");
  auto heard = alice.heard();
  assert_int_equal(heard.size(), 1);
  assert_true(heard[0]["textroom"].as_text() == "error");
  assert_int_equal(code(heard[0]), 413);
  alice.send(R"({"textroom":5,"transaction":"t"})");
  assert_int_equal(code(alice.heard().at(0)), 414);
  assert_int_equal(code(alice.ask("nope", Json::object())), 415);
  assert_int_equal(code(alice.ask("join", object({{"room", 1234}}))), 413);
  assert_int_equal(code(alice.ask("join", object({{"room", "x"}, {"username", "a"}}))), 414);
}

void names_are_unique_and_a_client_is_once_in_a_room(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host), bob(host);
  alice.join(1234, "alice");
  assert_int_equal(code(alice.join(1234, "other")), 421);
  assert_int_equal(code(bob.join(1234, "alice")), 420);
}

void the_last_messages_wait_for_who_joins_later(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host), bob(host);
  assert_true(api(host, "create", object({{"room", 7}, {"history", 2}}))["textroom"].as_text() ==
              "created");
  alice.ask("join", object({{"room", 7}, {"username", "alice"}, {"display", "A."}}));
  for (const char* text : {"one", "two", "three"}) {
    alice.ask("message", object({{"room", 7}, {"text", text}}));
  }
  bob.send(R"({"textroom":"join","transaction":"t","room":7,"username":"bob"})");
  const auto heard = bob.heard();
  assert_int_equal(heard.size(), 4);
  assert_true(heard[0]["text"].as_text() == "two");
  assert_true(heard[0]["display"].as_text() == "A.");
  assert_true(heard[1]["text"].as_text() == "three");
  bob.ask("leave", object({{"room", 7}}));
  bob.send(R"({"textroom":"join","transaction":"t","room":7,"username":"bob","history":false})");
  assert_int_equal(bob.heard().size(), 2);
}

void history_is_bounded_by_bytes(void**) {
  const Json general = object({{"history_bytes", 1'024}});
  FakeHost host(MODULE_PATH, object({{"general", general}}));
  const Person alice(host), bob(host);
  api(host, "create", object({{"room", 7}, {"history", 1'000}}));
  alice.join(7, "alice");
  for (int i = 0; i < 20; ++i) {
    alice.ask("message", object({{"room", 7}, {"text", std::string(300, 'x')}}));
  }
  bob.send(R"({"textroom":"join","transaction":"t","room":7,"username":"bob"})");
  assert_true(bob.heard().size() <= 5);
}

void secrets_pins_and_tokens_are_asked_for(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host);
  Json tokens = Json::array();
  tokens.push("tok");
  api(host, "create", object({{"room", 7}, {"secret", "s"}, {"pin", "p"}, {"allowed", tokens}}));
  assert_int_equal(code(alice.join(7, "alice")), 413);
  const auto join = [&](const char* pin, const char* token) {
    return alice.ask("join",
                     object({{"room", 7}, {"username", "alice"}, {"pin", pin}, {"token", token}}));
  };
  assert_int_equal(code(join("q", "tok")), 419);
  assert_int_equal(code(join("p", "no")), 419);
  assert_int_equal(code(join("p", "tok")), 0);
  assert_int_equal(code(api(host, "destroy", object({{"room", 7}}))), 413);
  assert_int_equal(code(api(host, "destroy", object({{"room", 7}, {"secret", "x"}}))), 419);
  const Json announced =
      api(host, "announcement", object({{"room", 7}, {"secret", "s"}, {"text", "news"}}));
  assert_true(announced["textroom"].as_text() == "success");
  const Json heard = find(alice.heard(), "announcement");
  assert_true(heard["text"].as_text() == "news");
  assert_false(heard.has("from"));
}

void a_kicked_member_is_out(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host), bob(host);
  alice.join(1234, "alice");
  bob.join(1234, "bob");
  bob.heard();
  assert_int_equal(code(api(host, "kick", object({{"room", 1234}, {"username", "nobody"}}))), 423);
  api(host, "kick", object({{"room", 1234}, {"username", "bob"}}));
  assert_true(find(bob.heard(), "kicked")["username"].as_text() == "bob");
  assert_int_equal(code(bob.ask("message", object({{"room", 1234}, {"text", "x"}}))), 422);
}

void the_others_hear_when_a_connection_ends(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host), bob(host);
  alice.join(1234, "alice");
  bob.join(1234, "bob");
  host.media_down(bob.handle);
  assert_true(find(alice.heard(), "leave")["username"].as_text() == "bob");
  const Json now = api(host, "listparticipants", object({{"room", 1234}}));
  assert_true(now["textroom"].as_text() == "success");
  assert_int_equal(now["participants"].size(), 1);
}

void a_destroyed_room_tells_its_members_and_is_gone(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host);
  alice.join(1234, "alice");
  alice.heard();
  assert_true(api(host, "destroy", object({{"room", 1234}}))["textroom"].as_text() == "destroyed");
  assert_true(find(alice.heard(), "destroyed")["room"].as_int() == 1234);
  assert_false(api(host, "exists", object({{"room", 1234}}))["exists"].as_bool(true));
}

void edit_changes_what_it_names(void**) {
  FakeHost host(MODULE_PATH);
  const Json edited =
      api(host, "edit", object({{"room", 1234}, {"new_description", "new"}, {"new_pin", "p"}}));
  assert_true(edited["textroom"].as_text() == "edited");
  const Json room = api(host, "list", Json::object())["list"].at(0);
  assert_true(room["description"].as_text() == "new");
  assert_true(room["pin_required"].as_bool());
}

void the_admin_key_guards_create_and_shows_private_rooms(void**) {
  const Json general = object({{"admin_key", "key"}});
  FakeHost host(MODULE_PATH, object({{"general", general}}));
  assert_int_equal(code(api(host, "create", object({{"room", 7}}))), 413);
  assert_int_equal(code(api(host, "create", object({{"room", 7}, {"admin_key", "x"}}))), 419);
  api(host, "create", object({{"room", 7}, {"admin_key", "key"}, {"is_private", true}}));
  assert_int_equal(api(host, "list", Json::object())["list"].size(), 1);
  assert_int_equal(api(host, "list", object({{"admin_key", "key"}}))["list"].size(), 2);
}

void rooms_may_be_named_by_texts(void**) {
  const Json general = object({{"string_ids", true}});
  const Json section = object({{"description", "Blue"}});
  FakeHost host(MODULE_PATH, object({{"general", general}, {"room-blue", section}}));
  const Person alice(host);
  assert_true(api(host, "exists", object({{"room", "blue"}}))["exists"].as_bool());
  assert_int_equal(code(api(host, "exists", object({{"room", 1234}}))), 414);
  const Json joined = alice.ask("join", object({{"room", "blue"}, {"username", "alice"}}));
  assert_int_equal(code(joined), 0);
}

void a_section_that_names_no_room_stops_the_start(void**) {
  const FakeHost host(MODULE_PATH, object({{"room-blue", Json::object()}}));
  assert_false(host.created());
}

void what_comes_too_fast_is_dropped(void**) {
  const Json general = object({{"messages_per_second", 2}});
  FakeHost host(MODULE_PATH, object({{"general", general}}));
  const Person alice(host);
  std::size_t answers = 0;
  for (int i = 0; i < 1'000; ++i) {
    alice.send(R"({"textroom":"list","transaction":"t"})");
    answers += alice.heard().size();
  }
  assert_true(answers >= 2 && answers < 500);
}

void a_slow_reader_gets_what_waited_when_there_is_room(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host);
  alice.join(1234, "alice");
  alice.heard();
  host.data_answer = CARDEA_DATA_FULL;
  for (const char* text : {"one", "two"}) {
    api(host, "announcement", object({{"room", 1234}, {"text", text}}));
  }
  assert_true(alice.heard().empty());
  host.data_answer = 0;
  host.data_room(alice.handle);
  const auto heard = alice.heard();
  assert_int_equal(heard.size(), 2);
  assert_true(heard[0]["text"].as_text() == "one");
}

void a_slow_reader_loses_what_is_beyond_the_bound(void**) {
  FakeHost host(MODULE_PATH);
  const Person alice(host);
  alice.join(1234, "alice");
  alice.heard();
  host.data_answer = CARDEA_DATA_FULL;
  for (int i = 0; i < 100; ++i) {
    api(host, "announcement", object({{"room", 1234}, {"text", std::string(10'000, 'x')}}));
  }
  host.data_answer = 0;
  host.data_room(alice.handle);
  const auto heard = alice.heard();
  assert_true(heard.size() > 10 && heard.size() < 30);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(setup_offers_one_data_line_and_only_once),
      cmocka_unit_test(a_message_reaches_all_members_and_nobody_else),
      cmocka_unit_test(a_whisper_reaches_its_members_only_and_tells_who_got_it),
      cmocka_unit_test(only_members_speak_in_a_room),
      cmocka_unit_test(no_ack_means_no_answer),
      cmocka_unit_test(bad_json_gets_no_answer_and_bad_requests_one),
      cmocka_unit_test(names_are_unique_and_a_client_is_once_in_a_room),
      cmocka_unit_test(the_last_messages_wait_for_who_joins_later),
      cmocka_unit_test(history_is_bounded_by_bytes),
      cmocka_unit_test(secrets_pins_and_tokens_are_asked_for),
      cmocka_unit_test(a_kicked_member_is_out),
      cmocka_unit_test(the_others_hear_when_a_connection_ends),
      cmocka_unit_test(a_destroyed_room_tells_its_members_and_is_gone),
      cmocka_unit_test(edit_changes_what_it_names),
      cmocka_unit_test(the_admin_key_guards_create_and_shows_private_rooms),
      cmocka_unit_test(rooms_may_be_named_by_texts),
      cmocka_unit_test(a_section_that_names_no_room_stops_the_start),
      cmocka_unit_test(what_comes_too_fast_is_dropped),
      cmocka_unit_test(a_slow_reader_gets_what_waited_when_there_is_room),
      cmocka_unit_test(a_slow_reader_loses_what_is_beyond_the_bound),
  };
  return cmocka_run_group_tests_name("textroom/rooms", tests, nullptr, nullptr);
}
