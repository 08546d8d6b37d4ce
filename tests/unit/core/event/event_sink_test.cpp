// The SDK of event sinks: names of kinds, the bounded queue, batches, and what a query changes.
#include <string>
#include <vector>

#include <cardea/sdk/event_sink.hpp>

#include "tests/support/cmocka.hpp"

using namespace cardea;  // NOLINT(google-build-using-namespace): a test

namespace {

Json section(const char* text) { return *Json::parse(text); }

void names_of_kinds_add_up_to_a_mask(void**) {
  assert_int_equal(*sdk::event_mask("all"), 511);
  assert_int_equal(*sdk::event_mask("none"), 0);
  assert_int_equal(*sdk::event_mask("sessions, handles,core"), 1 + 2 + 256);
  assert_int_equal(*sdk::event_mask(""), 0);
  assert_false(sdk::event_mask("sessions,nonsense").ok());
}

void a_configuration_with_an_unknown_kind_is_refused(void**) {
  bool threw = false;
  try {
    const sdk::EventChoice choice(section(R"({"events":["jsep","nonsense"]})"));
  } catch (const std::exception&) {
    threw = true;
  }
  assert_true(threw);
}

void a_tweak_changes_kinds_and_grouping(void**) {
  sdk::EventChoice choice(section(R"({"events":["jsep","media"],"grouping":true})"));
  assert_int_equal(choice.mask(), 8 + 32);
  const auto answer =
      choice.query(section(R"({"request":"tweak","events":"none","grouping":false})"));
  assert_int_equal(answer["result"].as_int(), 200);
  assert_int_equal(choice.mask(), 0);
  assert_false(choice.grouping());
}

void a_bad_query_is_answered_by_number_and_changes_nothing(void**) {
  struct Case {
    const char* request;
    int code;
  };
  sdk::EventChoice choice(section(R"({"events":["jsep"]})"));
  for (const Case& bad :
       {Case{R"({})", 412}, Case{R"({"request":1})", 413}, Case{R"({"request":"other"})", 411},
        Case{R"({"request":"tweak","events":7})", 413},
        Case{R"({"request":"tweak","events":"x"})", 413},
        Case{R"({"request":"tweak","events":"all","grouping":"yes"})", 413}}) {
    const auto answer = choice.query(section(bad.request));
    assert_int_equal(answer["error_code"].as_int(), bad.code);
    assert_true(answer["error"].is_string());
  }
  assert_int_equal(choice.mask(), 8);
}

void a_queue_takes_no_more_bytes_than_it_may(void**) {
  sdk::EventQueue queue(10);
  assert_true(queue.push("12345"));
  assert_true(queue.push("67890"));
  assert_false(queue.push("x"));
  assert_int_equal(queue.try_take(1).size(), 1);
  assert_true(queue.push("abcde"));
  const auto rest = queue.try_take(10);
  assert_int_equal(rest.size(), 2);
  assert_string_equal(rest[0].c_str(), "67890");
}

void a_stopped_queue_gives_what_it_has_and_takes_nothing(void**) {
  sdk::EventQueue queue(100);
  assert_true(queue.push("1"));
  queue.stop();
  assert_false(queue.push("2"));
  assert_int_equal(queue.wait(10).size(), 1);
  assert_true(queue.wait(10).empty());
  assert_false(queue.pause(std::chrono::hours(1)));
}

void grouped_events_are_one_array(void**) {
  const auto grouped = sdk::event_bodies({R"({"a":1})", R"({"b":2})"}, true);
  assert_int_equal(grouped.size(), 1);
  assert_string_equal(grouped[0].c_str(), R"([{"a":1},{"b":2}])");
  assert_string_equal(sdk::event_bodies({"{}"}, true).at(0).c_str(), "[{}]");
  assert_int_equal(sdk::event_bodies({"{}", "{}"}, false).size(), 2);
  assert_true(sdk::event_bodies({}, true).empty());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(names_of_kinds_add_up_to_a_mask),
      cmocka_unit_test(a_configuration_with_an_unknown_kind_is_refused),
      cmocka_unit_test(a_tweak_changes_kinds_and_grouping),
      cmocka_unit_test(a_bad_query_is_answered_by_number_and_changes_nothing),
      cmocka_unit_test(a_queue_takes_no_more_bytes_than_it_may),
      cmocka_unit_test(a_stopped_queue_gives_what_it_has_and_takes_nothing),
      cmocka_unit_test(grouped_events_are_one_array),
  };
  return cmocka_run_group_tests_name("event/event_sink", tests, nullptr, nullptr);
}
