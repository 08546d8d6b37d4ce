// Counting requests: on the bus, alone, and alone while the bus is away.
#include "core/rest/limiter.hpp"

#include <deque>
#include <map>

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;
using namespace cardea::rest;
using Verdict = Limiter::Verdict;

// Answers each addition when it is told to.
struct FakeBus {
  cardea_bus_t table{};
  std::map<std::string, std::int64_t> counters;
  struct Asked {
    std::string key;
    cardea_bus_done_t done;
    void* argument;
  };
  std::deque<Asked> asked;
  bool full = false;

  FakeBus() {
    table.size = sizeof table;
    table.instance = this;
    table.add = [](void* instance, cardea_str_t key, std::int64_t, std::int64_t,
                   cardea_bus_done_t done, void* argument) {
      auto& self = *static_cast<FakeBus*>(instance);
      if (self.full) {
        return -1;
      }
      self.asked.push_back({std::string(key.data, key.size), done, argument});
      return 0;
    };
  }
  void answer(cardea_bus_status_t status) {
    const Asked one = asked.front();
    asked.pop_front();
    cardea_bus_answer_t answer{};
    answer.size = sizeof answer;
    answer.status = status;
    answer.number = ++counters[one.key];
    answer.ttl_ms = 2500;
    one.done(one.argument, &answer);
  }
};

struct World {
  metrics::Registry registry;
  Time now{};
  Limiter limiter{registry, [this] { return now; }};
  std::vector<Verdict> verdicts;

  void take(std::vector<Limiter::Demand> demands) {
    limiter.take(std::move(demands),
                 [this](const Verdict& verdict) { verdicts.push_back(verdict); });
  }
};

void a_window_lets_its_count_pass_and_begins_anew(void**) {
  World world;
  for (int i = 0; i < 3; ++i) {
    world.take({{"login", "1.2.3.4", 2, 60}});
  }
  assert_true(world.verdicts[0].allowed && world.verdicts[1].allowed);
  assert_false(world.verdicts[2].allowed);
  assert_int_equal(world.verdicts[0].remaining, 1);
  assert_int_equal(world.verdicts[2].reset_seconds, 60);
  world.take({{"login", "1.2.3.5", 2, 60}});
  assert_true(world.verdicts[3].allowed);
  world.now += std::chrono::seconds(60);
  world.take({{"login", "1.2.3.4", 2, 60}});
  assert_true(world.verdicts[4].allowed);
}

void the_first_demand_that_is_used_up_stops_the_others(void**) {
  World world;
  world.take({{"login", "a", 1, 60}, {"all", "a", 2, 10}});
  world.take({{"login", "a", 1, 60}, {"all", "a", 2, 10}});
  assert_false(world.verdicts[1].allowed);
  assert_int_equal(world.verdicts[1].limit, 1);
  world.take({{"all", "a", 2, 10}});
  assert_true(world.verdicts[2].allowed);
  world.take({});
  assert_int_equal(world.verdicts[3].limit, 0);
}

void the_bus_counts_for_all_nodes_and_answers_later(void**) {
  World world;
  FakeBus bus;
  world.limiter.use(&bus.table);
  bus.counters["limit:login:a"] = 4;
  world.take({{"login", "a", 5, 60}});
  assert_int_equal(world.verdicts.size(), 0);
  bus.answer(CARDEA_BUS_OK);
  assert_true(world.verdicts[0].allowed);
  assert_int_equal(world.verdicts[0].reset_seconds, 3);
  world.take({{"login", "a", 5, 60}});
  bus.answer(CARDEA_BUS_OK);
  assert_false(world.verdicts[1].allowed);
}

void while_the_bus_is_away_this_server_counts_alone(void**) {
  World world;
  FakeBus bus;
  world.limiter.use(&bus.table);
  world.take({{"login", "a", 1, 60}});
  bus.answer(CARDEA_BUS_UNAVAILABLE);
  assert_true(world.verdicts[0].allowed);
  bus.full = true;
  world.take({{"login", "a", 1, 60}});
  assert_false(world.verdicts[1].allowed);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_window_lets_its_count_pass_and_begins_anew),
      cmocka_unit_test(the_first_demand_that_is_used_up_stops_the_others),
      cmocka_unit_test(the_bus_counts_for_all_nodes_and_answers_later),
      cmocka_unit_test(while_the_bus_is_away_this_server_counts_alone),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
