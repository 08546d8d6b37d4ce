// Series, their bound, and the Prometheus text.
#include "core/metrics/metrics.hpp"

#include <array>
#include <string>

#include "tests/support/cmocka.hpp"

using cardea::metrics::Counter;
using cardea::metrics::Registry;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

void counters_and_gauges_are_rendered_with_labels(void**) {
  Registry registry;
  const Counter packets =
      registry.counter("cardea_packets_total", "Packets", {{"worker", "0"}, {"dir", "in"}});
  packets.add();
  packets.add(41);
  registry.counter("cardea_packets_total", "Packets", {{"worker", "1"}, {"dir", "in"}}).add(7);
  registry.gauge("cardea_sessions", "Sessions").set(-3);
  registry.gauge_callback("cardea_queue", "Queue", [] { return 2.5; });
  const std::string text = registry.render();
  assert_true(has_line(text, "# TYPE cardea_packets_total counter"));
  assert_true(has_line(text, "# HELP cardea_packets_total Packets"));
  assert_true(has_line(text, "cardea_packets_total{dir=\"in\",worker=\"0\"} 42"));
  assert_true(has_line(text, "cardea_packets_total{dir=\"in\",worker=\"1\"} 7"));
  assert_true(has_line(text, "cardea_sessions -3"));
  assert_true(has_line(text, "cardea_queue 2.5"));
  assert_int_equal(text.find("# TYPE cardea_packets_total"),
                   text.rfind("# TYPE cardea_packets_total"));
}

void the_same_name_and_labels_give_the_same_series(void**) {
  Registry registry;
  registry.counter("cardea_a_total", "A", {{"x", "1"}, {"y", "2"}}).add(1);
  registry.counter("cardea_a_total", "A", {{"y", "2"}, {"x", "1"}}).add(2);
  assert_true(has_line(registry.render(), "cardea_a_total{x=\"1\",y=\"2\"} 3"));
}

void histograms_are_cumulative(void**) {
  Registry registry;
  const std::array<double, 2> bounds{0.01, 1};
  const auto histogram = registry.histogram("cardea_turn_seconds", "Turn", bounds, {{"w", "0"}});
  for (const double value : {0.001, 0.01, 0.5, 3.0}) {
    histogram.observe(value);
  }
  const std::string text = registry.render();
  assert_true(has_line(text, "cardea_turn_seconds_bucket{w=\"0\",le=\"0.01\"} 2"));
  assert_true(has_line(text, "cardea_turn_seconds_bucket{w=\"0\",le=\"1\"} 3"));
  assert_true(has_line(text, "cardea_turn_seconds_bucket{w=\"0\",le=\"+Inf\"} 4"));
  assert_true(has_line(text, "cardea_turn_seconds_sum{w=\"0\"} 3.511"));
  assert_true(has_line(text, "cardea_turn_seconds_count{w=\"0\"} 4"));
}

void label_values_are_escaped(void**) {
  Registry registry;
  registry.counter("cardea_a_total", "A", {{"x", "a\"b\\c\nd"}}).add();
  assert_true(has_line(registry.render(), R"(cardea_a_total{x="a\"b\\c\nd"} 1)"));
}

void what_is_refused_counts_nothing_but_is_counted(void**) {
  Registry registry(2);
  registry.counter("cardea_a_total", "A").add();
  registry.gauge("cardea_b", "B").set(1);
  const Counter beyond = registry.counter("cardea_c_total", "C");
  beyond.add(5);
  registry.gauge("cardea_a_total", "A").set(9);
  registry.counter("Bad Name", "D").add();
  registry.counter("cardea_a_total", "A", {{"bad-label", "1"}}).add();
  const std::string text = registry.render();
  assert_int_equal(beyond.value(), 0);
  assert_true(has_line(text, "cardea_a_total 1"));
  assert_true(text.find("cardea_c_total") == std::string::npos);
  assert_true(has_line(text, "cardea_metrics_refused_total 4"));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(counters_and_gauges_are_rendered_with_labels),
      cmocka_unit_test(the_same_name_and_labels_give_the_same_series),
      cmocka_unit_test(histograms_are_cumulative),
      cmocka_unit_test(label_values_are_escaped),
      cmocka_unit_test(what_is_refused_counts_nothing_but_is_counted),
  };
  return cmocka_run_group_tests_name("metrics/metrics", tests, nullptr, nullptr);
}
