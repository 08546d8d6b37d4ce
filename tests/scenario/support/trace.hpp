// A trace of a simulation, kept as an artefact: numbers as CSV, curves as SVG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace cardea::scenario {

/// Several curves over one time axis.
class Trace {
 public:
  /// @param name of the files. @param curves their names and units.
  Trace(std::string name, std::vector<std::string> curves)
      : name_(std::move(name)), curves_(std::move(curves)) {}

  /// @param values in the order of the curves; those left out are zero.
  void add(Duration at, std::vector<double> values) {
    values.resize(curves_.size());
    rows_.push_back({at, std::move(values)});
  }
  /// Writes both files into the build's folder of traces.
  void write() const;

  /// The least and the greatest value of a curve between two times.
  [[nodiscard]] double min(std::size_t curve, Duration from, Duration to) const;
  [[nodiscard]] double max(std::size_t curve, Duration from, Duration to) const;
  [[nodiscard]] double mean(std::size_t curve, Duration from, Duration to) const;
  /// When a curve last left the band: from then on it stays within. Duration::max() when it does
  /// not end there.
  [[nodiscard]] Duration settled(std::size_t curve, double low, double high, Duration from,
                                 Duration to) const;

 private:
  struct Row {
    Duration at;
    std::vector<double> values;
  };

  [[nodiscard]] std::string csv() const;
  [[nodiscard]] std::string svg() const;

  std::string name_;
  std::vector<std::string> curves_;
  std::vector<Row> rows_;
};

}  // namespace cardea::scenario
