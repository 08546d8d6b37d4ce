// Congestion control over a simulated bottleneck, on virtual time. Traces are kept in the build's
// folder `traces`.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/media/bandwidth_allocator.hpp"
#include "tests/scenario/support/flow.hpp"
#include "tests/scenario/support/link.hpp"
#include "tests/scenario/support/trace.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;                // NOLINT: the folder under test
using namespace cardea::scenario;      // NOLINT
using namespace std::chrono_literals;  // NOLINT: 10ms reads better

constexpr Time kStart{1000s};

// Curves of every trace: of the link, then two for each flow.
enum Curve : std::size_t { LinkRate, QueueMs, Estimate, Received, Estimate2, Received2 };

/// Flows that share one link.
class Bottleneck {
 public:
  Bottleneck(std::string name, const LinkSettings& settings, int count = 1)
      : link(settings, 42), trace(std::move(name), curves(count)) {}

  Flow& add(const peer::RateBounds& bounds, Flow::Video video) {
    flows.push_back(std::make_unique<Flow>(static_cast<std::uint32_t>(flows.size()), link, bounds,
                                           std::move(video)));
    return *flows.back();
  }

  void run(Duration until, const std::function<void(Duration)>& at_each_ms = {}) {
    for (; now < kStart + until; now += 1ms) {
      if (at_each_ms) {
        at_each_ms(now - kStart);
      }
      for (const auto& flow : flows) {
        flow->step(now);
      }
      while (const auto packet = link.receive(now)) {
        flows[packet->flow]->receive(*packet, now);
      }
      if ((now - kStart) % 100ms == 0ms) {
        record();
      }
    }
    trace.write();
  }

  Link link;
  Trace trace;
  Time now = kStart;
  std::vector<std::unique_ptr<Flow>> flows;

 private:
  static std::vector<std::string> curves(int flows) {
    std::vector<std::string> names = {"link kbit/s", "queue ms"};
    for (int i = 1; i <= flows; ++i) {
      names.push_back("estimate " + std::to_string(i) + " kbit/s");
      names.push_back("received " + std::to_string(i) + " kbit/s");
    }
    return names;
  }

  void record() {
    std::vector<double> row = {static_cast<double>(link.settings().bitrate) / 1000,
                               static_cast<double>(link.queued(now).count()) / 1000};
    before_.resize(flows.size());
    for (std::size_t i = 0; i < flows.size(); ++i) {
      row.push_back(static_cast<double>(flows[i]->estimate()) / 1000);
      row.push_back(static_cast<double>(flows[i]->received_bytes() - before_[i]) * 8 / 100);
      before_[i] = flows[i]->received_bytes();
    }
    trace.add(now - kStart, row);
  }

  std::vector<std::uint64_t> before_;
};

// An encoder that follows the estimate, less the audio beside it.
Flow::Video elastic(std::uint64_t most = 5'000'000) {
  return [most](std::uint64_t estimate) {
    return std::min(most, estimate > 60'000 ? estimate - 35'000 : 25'000);
  };
}

constexpr peer::RateBounds kBounds;

void converges_to_a_link_of_1_mbit_within_5_s(void**) {
  Bottleneck net("converge_1mbit", {});
  net.add(kBounds, elastic());
  net.run(30s);
  assert_true(net.trace.settled(Estimate, 700, 1150, 0s, 30s) <= 5s);
  assert_true(net.trace.mean(Received, 5s, 30s) > 800);
  assert_true(net.trace.mean(QueueMs, 5s, 30s) < 40);
}

void falls_below_a_link_that_drops_to_300_kbit_and_comes_back(void**) {
  Bottleneck net("drop_to_300kbit", {.bitrate = 2'000'000});
  net.add(kBounds, elastic());
  net.run(60s, [&](Duration at) {
    net.link.settings().bitrate = at >= 20s && at < 40s ? 300'000 : 2'000'000;
  });
  assert_true(net.trace.mean(Received, 10s, 20s) > 1'500);
  assert_true(net.trace.settled(Estimate, 100, 320, 20s, 23s) <= 22s);
  assert_true(net.trace.mean(Received, 23s, 40s) > 200);
  assert_true(net.trace.mean(QueueMs, 23s, 40s) < 60);
  assert_true(net.trace.settled(Estimate, 1'500, 2'600, 40s, 60s) <= 50s);
}

void loss_of_5_percent_without_congestion_does_not_lower_it(void**) {
  Bottleneck net("loss_5_percent", {.bitrate = 2'000'000, .loss = 0.05});
  net.add(kBounds, elastic());
  net.run(60s);
  assert_true(net.trace.mean(Received, 10s, 60s) > 1'400);
  assert_true(net.trace.min(Estimate, 10s, 60s) > 1'000);
}

void heavy_loss_that_does_not_follow_the_rate_does_not_starve_it(void**) {
  Bottleneck net("loss_20_percent", {.bitrate = 2'000'000, .loss = 0.2});
  net.add(kBounds, elastic());
  net.run(60s);
  assert_true(net.trace.min(Estimate, 20s, 60s) > 200);
}

void two_flows_share_fairly(void**) {
  Bottleneck net("two_flows", {.bitrate = 2'000'000}, 2);
  net.add(kBounds, elastic());
  net.run(20s);
  net.add(kBounds, elastic());
  net.run(120s);
  const double first = net.trace.mean(Received, 60s, 120s);
  const double second = net.trace.mean(Received2, 60s, 120s);
  assert_true(first + second > 1'500);
  assert_true(first / second < 1.6 && second / first < 1.6);
}

void jitter_of_30_ms_does_not_lower_it(void**) {
  Bottleneck net("jitter_30ms", {.bitrate = 3'000'000, .jitter = 30ms, .reorder = 0.02});
  net.add(kBounds, elastic(1'500'000));
  net.run(60s);
  assert_true(net.trace.settled(Estimate, 1'500, 10'000, 0s, 60s) <= 10s);
  assert_true(net.trace.mean(Received, 10s, 60s) > 1'400);
}

void finds_more_than_is_sent_and_calls_the_loss_no_congestion(void**) {
  Bottleneck net("limited_by_application", {.bitrate = 3'000'000, .loss = 0.03});
  Flow& flow = net.add(kBounds, [](std::uint64_t) { return 400'000; });
  flow.estimator().set_wanted(1'500'000);
  int agreed = 0;
  net.run(30s, [&](Duration at) {
    agreed += at >= 10s && flow.estimator().noticeable_loss() && flow.estimator().has_room() &&
                      flow.estimator().calm()
                  ? 1
                  : 0;
  });
  assert_true(net.trace.min(Estimate, 5s, 30s) > 1'000);
  assert_true(agreed > 18'000);
  // Probes cost less than a tenth of what was sent.
  assert_true(flow.probe_bytes() < flow.received_bytes() / 10);
}

void a_black_hole_of_5_s_is_forgotten_within_2_s(void**) {
  Bottleneck net("black_hole", {.bitrate = 2'000'000});
  Flow& flow = net.add(kBounds, elastic(1'000'000));
  net.run(40s, [&](Duration at) {
    const bool hole = at >= 20s && at < 25s;
    net.link.settings().loss = hole ? 1 : 0;
    if (hole && at >= 23s) {
      assert_true(flow.estimator().stalled());
    }
  });
  assert_true(net.trace.settled(Estimate, 700, 10'000, 25s, 40s) <= 27s);
}

// Three simulcast layers through estimator and allocator together, as a viewer gets them.
void a_viewer_gets_the_fitting_layer_and_the_high_one_back(void**) {
  const std::vector<media::Rung> ladder = {{0, 0, 150'000}, {1, 0, 500'000}, {2, 0, 1'500'000}};
  const std::vector<media::Rung> audio = {{0, 0, 35'000}};
  const std::vector<media::StreamDemand> demands = {{1, true, 0, audio}, {2, false, 0, ladder}};
  media::BandwidthAllocator allocator;
  Bottleneck net("layers", {.bitrate = 3'000'000});
  std::size_t layer = 0;
  int changes = 0;
  Flow& flow = net.add(kBounds, [&](std::uint64_t) { return ladder[layer].bitrate; });
  std::vector<std::size_t> by_second;
  net.run(60s, [&](Duration at) {
    net.link.settings().bitrate = at >= 20s && at < 40s ? 300'000 : 3'000'000;
    if (at % 100ms == 0ms) {
      const auto given = allocator.allocate(flow.estimate(), demands, net.now);
      flow.estimator().set_wanted(allocator.wanted());
      const std::size_t next = given[1].rung.value_or(0);
      changes += next != layer ? 1 : 0;
      layer = next;
    }
    if (at % 1s == 0ms) {
      by_second.push_back(layer);
    }
  });
  assert_int_equal(by_second[19], 2);
  for (int second = 22; second < 40; ++second) {
    assert_int_equal(by_second[static_cast<std::size_t>(second)], 0);
  }
  for (int second = 50; second < 60; ++second) {
    assert_int_equal(by_second[static_cast<std::size_t>(second)], 2);
  }
  assert_in_range(changes, 2, 8);
  assert_true(net.trace.mean(QueueMs, 23s, 40s) < 60);
}

void lost_feedback_and_a_long_round_trip_do_no_harm(void**) {
  Bottleneck net("long_round_trip", {.bitrate = 1'500'000, .delay = 75ms, .loss = 0.01});
  Flow& flow = net.add(kBounds, elastic());
  flow.feedback_delay = 75ms;
  // Every third second the way back is dead for 300 ms.
  net.run(60s, [&](Duration at) { flow.set_feedback_lost(at % 3s < 300ms); });
  assert_true(net.trace.settled(Estimate, 800, 1'900, 0s, 60s) <= 8s);
  assert_true(net.trace.mean(Received, 10s, 60s) > 1'050);
  assert_true(net.trace.mean(QueueMs, 10s, 60s) < 60);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(converges_to_a_link_of_1_mbit_within_5_s),
      cmocka_unit_test(falls_below_a_link_that_drops_to_300_kbit_and_comes_back),
      cmocka_unit_test(loss_of_5_percent_without_congestion_does_not_lower_it),
      cmocka_unit_test(heavy_loss_that_does_not_follow_the_rate_does_not_starve_it),
      cmocka_unit_test(two_flows_share_fairly),
      cmocka_unit_test(jitter_of_30_ms_does_not_lower_it),
      cmocka_unit_test(finds_more_than_is_sent_and_calls_the_loss_no_congestion),
      cmocka_unit_test(a_black_hole_of_5_s_is_forgotten_within_2_s),
      cmocka_unit_test(a_viewer_gets_the_fitting_layer_and_the_high_one_back),
      cmocka_unit_test(lost_feedback_and_a_long_round_trip_do_no_harm),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
