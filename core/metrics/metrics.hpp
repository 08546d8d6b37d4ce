// Counters, gauges and histograms, rendered as Prometheus text.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cardea::metrics {

/// Label names and values of one series, e.g. {{"worker", "0"}}.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// A number that only grows. A handle: copies mean the same series; a default-made one counts
/// nothing. Must not be used after its Registry is gone. [any]
class Counter {
 public:
  Counter() = default;
  explicit Counter(std::atomic<std::uint64_t>* cell) : cell_(cell) {}
  void add(std::uint64_t by = 1) const {
    if (cell_ != nullptr) {
      cell_->fetch_add(by, std::memory_order_relaxed);
    }
  }
  [[nodiscard]] std::uint64_t value() const {
    return cell_ == nullptr ? 0 : cell_->load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t>* cell_ = nullptr;
};

/// A number that goes up and down. Handle as Counter. [any]
class Gauge {
 public:
  Gauge() = default;
  explicit Gauge(std::atomic<std::int64_t>* cell) : cell_(cell) {}
  void set(std::int64_t value) const {
    if (cell_ != nullptr) {
      cell_->store(value, std::memory_order_relaxed);
    }
  }
  void add(std::int64_t by) const {
    if (cell_ != nullptr) {
      cell_->fetch_add(by, std::memory_order_relaxed);
    }
  }
  [[nodiscard]] std::int64_t value() const {
    return cell_ == nullptr ? 0 : cell_->load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::int64_t>* cell_ = nullptr;
};

/// Counts of observations up to fixed bounds, and their sum. Handle as Counter. [any]
class Histogram {
 public:
  struct Cells;

  Histogram() = default;
  explicit Histogram(Cells* cells) : cells_(cells) {}
  void observe(double value) const;

 private:
  Cells* cells_ = nullptr;
};

/// Owns all series. One per process, made by the host. [any] All calls.
///
/// Names are `cardea_...` with [a-z0-9_], counters end in `_total`. The same name and labels give
/// the same series again. A bad name, a name already used for another kind, or a series beyond the
/// bound gives a handle that counts nothing, and is itself counted in
/// `cardea_metrics_refused_total`.
class Registry {
 public:
  explicit Registry(std::size_t max_series = 4096);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  /// @param bounds upper bounds, rising; +Inf is added. The first registration of a name fixes
  /// them.
  Histogram histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                      const Labels& labels = {});
  /// A gauge asked at each render(), from the rendering thread: `read` must be safe there, must not
  /// call the Registry, and must stay callable as long as the Registry lives.
  void gauge_callback(std::string_view name, std::string_view help, std::function<double()> read,
                      const Labels& labels = {});

  /// Prometheus text format 0.0.4, families sorted by name.
  [[nodiscard]] std::string render() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cardea::metrics
