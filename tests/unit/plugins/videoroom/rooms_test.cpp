// VideoRoom: rooms from the configuration and from clients, their secrets and bounds.
#include "tests/support/cmocka.hpp"
#include "tests/unit/plugins/videoroom/people.hpp"

namespace {

using namespace cardea;
using namespace cardea::tests;

void room_1234_is_there_and_open(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  const Json list = ask(host, someone, {{"request", "list"}}).body["list"];
  assert_int_equal(list.size(), 1);
  assert_int_equal(list.at(0)["room"].as_int(), 1234);
  assert_false(list.at(0)["pin_required"].as_bool(true));
  assert_string_equal(kind(join(host, someone, 1234)), "joined");
}

void rooms_come_from_sections_with_janus_names(void**) {
  const Json room = Json::object({{"description", "Staff"},
                                  {"secret", "s"},
                                  {"pin", "p"},
                                  {"publishers", 2},
                                  {"videocodec", "h264, vp8"},
                                  {"fir_freq", 5}});
  FakeHost host(MODULE_PATH, Json::object({{"room-77", room},
                                           {"general", Json::object({{"demo_room", false}})}}));
  const Json list = ask(host, host.attach(), {{"request", "list"}}).body["list"];
  assert_int_equal(list.size(), 1);
  const Json entry = list.at(0);
  assert_int_equal(entry["room"].as_int(), 77);
  assert_true(entry["pin_required"].as_bool());
  assert_int_equal(entry["max_publishers"].as_int(), 2);
  assert_string_equal(entry["videocodec"].text_or().c_str(), "h264,vp8");
}

void a_wrong_section_refuses_the_start_and_says_which(void**) {
  FakeHost host(MODULE_PATH, Json::object({{"room-x", Json::object()}}));
  assert_false(host.created());
  assert_true(host.log.at(0).find("[room-x]") != std::string::npos);
  FakeHost codec(MODULE_PATH,
                 Json::object({{"room-5", Json::object({{"videocodec", "vp8,nonsense"}})}}));
  assert_false(codec.created());
}

void a_room_is_made_once_and_ended_with_its_secret(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  const Json made = ask(host, someone, {{"request", "create"}, {"room", 5}, {"secret", "s"}}).body;
  assert_string_equal(made["videoroom"].text_or().c_str(), "created");
  assert_int_equal(code(ask(host, someone, {{"request", "create"}, {"room", 5}})), 427);
  assert_int_equal(code(ask(host, someone, {{"request", "destroy"}, {"room", 5}})), 429);
  assert_int_equal(code(ask(host, someone, {{"request", "destroy"}, {"room", 5}, {"secret", "x"}})),
                   433);
  assert_int_equal(code(ask(host, someone, {{"request", "destroy"}, {"room", 5}, {"secret", "s"}})),
                   0);
  const auto gone = ask(host, someone, {{"request", "destroy"}, {"room", 5}, {"secret", "s"}});
  assert_int_equal(code(gone), 426);
  assert_true(gone.body["error"].as_text().starts_with("No such room"));
}

void a_room_without_a_number_gets_one_below_2_to_53(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  for (int i = 0; i < 50; ++i) {
    const auto id = ask(host, someone, {{"request", "create"}}).body["room"].as_uint();
    assert_true(id > 0 && id < (std::uint64_t{1} << 53));
  }
}

void the_admin_key_guards_create_and_shows_private_rooms(void**) {
  FakeHost host(MODULE_PATH, Json::object({{"general", Json::object({{"admin_key", "k"}})}}));
  const auto someone = host.attach();
  assert_int_equal(code(ask(host, someone, {{"request", "create"}})), 429);
  assert_int_equal(code(ask(host, someone, {{"request", "create"}, {"admin_key", "x"}})), 433);
  assert_int_equal(
      code(ask(host, someone,
               {{"request", "create"}, {"admin_key", "k"}, {"room", 9}, {"is_private", true}})),
      0);
  assert_int_equal(ask(host, someone, {{"request", "list"}}).body["list"].size(), 1);
  assert_int_equal(
      ask(host, someone, {{"request", "list"}, {"admin_key", "k"}}).body["list"].size(), 2);
}

void rooms_and_participants_have_bounds(void**) {
  const Json general = Json::object({{"max_rooms", 2}, {"max_participants", 2}});
  FakeHost host(MODULE_PATH, Json::object({{"general", general}}));
  const auto someone = host.attach();
  assert_int_equal(code(ask(host, someone, {{"request", "create"}})), 0);
  assert_int_equal(code(ask(host, someone, {{"request", "create"}})), 499);
  join(host, someone, 1234);
  join(host, host.attach(), 1234);
  assert_int_equal(code(join(host, host.attach(), 1234)), 432);
  const std::string longest(255, 'x');
  const auto name = Json(longest + "x");
  assert_int_equal(
      code(ask(host, host.attach(),
               {{"request", "join"}, {"room", 1234}, {"ptype", "publisher"}, {"display", name}})),
      430);
}

void tokens_decide_who_may_join(void**) {
  FakeHost host(MODULE_PATH);
  const auto someone = host.attach();
  const Json tokens = Json::array().push("good");
  ask(host, someone, {{"request", "create"}, {"room", 5}, {"allowed", tokens}});
  assert_int_equal(code(join(host, someone, 5)), 433);
  assert_int_equal(
      code(ask(host, someone,
               {{"request", "join"}, {"room", 5}, {"ptype", "publisher"}, {"token", "good"}})),
      0);
  const Json off =
      ask(host, someone, {{"request", "allowed"}, {"room", 5}, {"action", "disable"}}).body;
  assert_int_equal(off["allowed"].size(), 1);
  assert_int_equal(code(join(host, host.attach(), 5)), 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(room_1234_is_there_and_open),
      cmocka_unit_test(rooms_come_from_sections_with_janus_names),
      cmocka_unit_test(a_wrong_section_refuses_the_start_and_says_which),
      cmocka_unit_test(a_room_is_made_once_and_ended_with_its_secret),
      cmocka_unit_test(a_room_without_a_number_gets_one_below_2_to_53),
      cmocka_unit_test(the_admin_key_guards_create_and_shows_private_rooms),
      cmocka_unit_test(rooms_and_participants_have_bounds),
      cmocka_unit_test(tokens_decide_who_may_join),
  };
  return cmocka_run_group_tests_name("plugins/videoroom/rooms", tests, nullptr, nullptr);
}
