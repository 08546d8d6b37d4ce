// VideoRoom: rooms in which only so many speakers are heard at a time.
#include <algorithm>
#include <set>

#include "tests/support/cmocka.hpp"
#include "tests/unit/plugins/videoroom/people.hpp"

namespace {

using namespace cardea;
using namespace cardea::tests;

constexpr std::uint64_t kRoom = 4711;

/// Four who publish, one who watches all of them.
struct Meeting {
  explicit Meeting(unsigned loudest) : host(MODULE_PATH) {
    ask(host, host.attach(),
        {{"request", "create"}, {"room", kRoom}, {"publishers", 6}, {"audio_loudest", loudest}});
    for (std::uint64_t id = 1; id <= 4; ++id) {
      people.push_back(publisher(host, kRoom, id));
      subscriber(host, kRoom, id);
    }
  }
  void talk(std::size_t person, bool talks) {
    cardea_media_event_t event{};
    event.size = sizeof event;
    event.type = CARDEA_MEDIA_TALKING;
    event.value = talks ? 1 : 0;
    event.temporal = -1;
    host.media(people[person], event);
  }
  /// Whose audio goes on; video always does.
  [[nodiscard]] std::set<std::size_t> heard() const {
    std::set<std::size_t> out;
    for (const auto& [id, route] : host.routes) {
      const auto at = std::find(people.begin(), people.end(), route.from) - people.begin();
      if (route.settings.paused == 0 && route.from_mline == 0) {
        out.insert(static_cast<std::size_t>(at));
      }
      assert_true(route.from_mline == 0 || route.settings.paused == 0);
    }
    return out;
  }

  FakeHost host;
  std::vector<cardea_handle_t> people;
};

using People = std::set<std::size_t>;

void all_are_heard_unless_the_room_says_otherwise(void**) {
  Meeting meeting(0);
  meeting.talk(0, true);
  assert_true(meeting.heard() == People({0, 1, 2, 3}));
  assert_int_equal(meeting.host.line_sources.at({meeting.people[0], 0}).talk_packets, 100);
}

void those_who_talk_are_heard(void**) {
  Meeting meeting(2);
  assert_int_equal(meeting.host.line_sources.at({meeting.people[0], 0}).talk_packets, 10);
  assert_int_equal(meeting.heard().size(), 2);
  meeting.talk(3, true);
  meeting.talk(2, true);
  assert_true(meeting.heard() == People({2, 3}));
  // Three at once: the two who began last.
  meeting.talk(0, true);
  assert_true(meeting.heard() == People({0, 2}));
}

void who_stops_keeps_the_place_until_it_is_wanted(void**) {
  Meeting meeting(2);
  meeting.talk(0, true);
  meeting.talk(1, true);
  meeting.talk(0, false);
  meeting.talk(1, false);
  assert_true(meeting.heard() == People({0, 1}));
  meeting.talk(3, true);
  assert_true(meeting.heard() == People({1, 3}));
}

void who_leaves_makes_room(void**) {
  Meeting meeting(1);
  meeting.talk(2, true);
  assert_true(meeting.heard() == People({2}));
  ask(meeting.host, meeting.people[2], {{"request", "unpublish"}});
  assert_int_equal(meeting.heard().size(), 1);
  assert_false(meeting.heard().contains(2));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(all_are_heard_unless_the_room_says_otherwise),
      cmocka_unit_test(those_who_talk_are_heard),
      cmocka_unit_test(who_stops_keeps_the_place_until_it_is_wanted),
      cmocka_unit_test(who_leaves_makes_room),
  };
  return cmocka_run_group_tests_name("videoroom/loudest", tests, nullptr, nullptr);
}
