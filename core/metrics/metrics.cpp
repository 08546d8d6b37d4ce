// The registry of series and its text form.
#include "core/metrics/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <mutex>
#include <variant>

namespace cardea::metrics {

struct Histogram::Cells {
  explicit Cells(std::vector<double> upper) : bounds(std::move(upper)), counts(bounds.size() + 1) {}

  const std::vector<double> bounds;
  // One per bound and one beyond the last; each holds only its own bucket, summed up when rendered.
  std::vector<std::atomic<std::uint64_t>> counts;
  std::atomic<double> sum{0};
};

void Histogram::observe(double value) const {
  if (cells_ == nullptr || std::isnan(value)) {
    return;
  }
  const auto bucket = std::lower_bound(cells_->bounds.begin(), cells_->bounds.end(), value);
  cells_->counts[static_cast<std::size_t>(bucket - cells_->bounds.begin())].fetch_add(
      1, std::memory_order_relaxed);
  cells_->sum.fetch_add(value, std::memory_order_relaxed);
}

namespace {

using CounterCell = std::unique_ptr<std::atomic<std::uint64_t>>;
using GaugeCell = std::unique_ptr<std::atomic<std::int64_t>>;
using HistogramCell = std::unique_ptr<Histogram::Cells>;
using Reader = std::function<double()>;
using Series = std::variant<CounterCell, GaugeCell, HistogramCell, Reader>;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string escape(std::string_view text, bool quote) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || (quote && c == '"')) {
      out += {'\\', c};
    } else {
      out += c;
    }
  }
  return out;
}

// `name="value",...` in the order of the names, so that one set of labels has one form.
std::string label_text(Labels labels) {
  std::sort(labels.begin(), labels.end());
  std::string out;
  for (const auto& [name, value] : labels) {
    out += (out.empty() ? "" : ",") + name + "=\"" + escape(value, true) + "\"";
  }
  return out;
}

std::string number(double value) {
  if (std::isinf(value)) {
    return value > 0 ? "+Inf" : "-Inf";
  }
  std::string text(32, '\0');
  const int size = std::snprintf(text.data(), text.size(), "%.9g", value);
  text.resize(static_cast<std::size_t>(size));
  return text;
}

void append_line(std::string& out, const std::string& name, const std::string& labels,
                 const std::string& value) {
  out += name + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
}

void append_histogram(std::string& out, const std::string& name, const std::string& labels,
                      const Histogram::Cells& cells) {
  const std::string comma = labels.empty() ? "" : labels + ",";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < cells.counts.size(); ++i) {
    total += cells.counts[i].load(std::memory_order_relaxed);
    const double bound = i < cells.bounds.size() ? cells.bounds[i] : INFINITY;
    append_line(out, name + "_bucket", comma + "le=\"" + number(bound) + "\"",
                std::to_string(total));
  }
  append_line(out, name + "_sum", labels, number(cells.sum.load(std::memory_order_relaxed)));
  append_line(out, name + "_count", labels, std::to_string(total));
}

void append_series(std::string& out, const std::string& name, const std::string& labels,
                   const Series& series) {
  if (const auto* counter = std::get_if<CounterCell>(&series)) {
    append_line(out, name, labels, std::to_string((*counter)->load(std::memory_order_relaxed)));
  } else if (const auto* gauge = std::get_if<GaugeCell>(&series)) {
    append_line(out, name, labels, std::to_string((*gauge)->load(std::memory_order_relaxed)));
  } else if (const auto* histogram = std::get_if<HistogramCell>(&series)) {
    append_histogram(out, name, labels, **histogram);
  } else {
    append_line(out, name, labels, number(std::get<Reader>(series)()));
  }
}

struct Family {
  std::string help;
  std::string type;
  std::map<std::string, Series> series;
};

}  // namespace

struct Registry::Impl {
  // The series of this name and labels, made by `make` when new; null when refused.
  template <typename Make>
  Series* series(std::string_view name, std::string_view help, std::string_view type,
                 const Labels& labels, Make make) {
    const bool good = is_name(name) && std::all_of(labels.begin(), labels.end(), [](auto& label) {
                        return is_name(label.first) && label.first != "le";
                      });
    const auto known = families.find(name);
    if (!good || (known != families.end() && known->second.type != type)) {
      ++refused;
      return nullptr;
    }
    std::string key = label_text(labels);
    if (known != families.end()) {
      if (const auto found = known->second.series.find(key); found != known->second.series.end()) {
        return &found->second;
      }
    }
    if (count >= max_series) {
      ++refused;
      return nullptr;
    }
    ++count;
    Family& family = known != families.end()
                         ? known->second
                         : families.emplace(name, Family{std::string(help), std::string(type), {}})
                               .first->second;
    return &family.series.emplace(std::move(key), make()).first->second;
  }

  mutable std::mutex mutex;
  std::size_t max_series = 0;
  std::size_t count = 0;
  std::uint64_t refused = 0;
  std::map<std::string, Family, std::less<>> families;
};

Registry::Registry(std::size_t max_series) : impl_(std::make_unique<Impl>()) {
  impl_->max_series = max_series;
}

Registry::~Registry() = default;

Counter Registry::counter(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(impl_->mutex);
  Series* series = impl_->series(name, help, "counter", labels, [] {
    return Series(std::make_unique<std::atomic<std::uint64_t>>(0));
  });
  auto* cell = series == nullptr ? nullptr : std::get_if<CounterCell>(series);
  return cell == nullptr ? Counter() : Counter(cell->get());
}

Gauge Registry::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(impl_->mutex);
  Series* series = impl_->series(name, help, "gauge", labels, [] {
    return Series(std::make_unique<std::atomic<std::int64_t>>(0));
  });
  auto* cell = series == nullptr ? nullptr : std::get_if<GaugeCell>(series);
  return cell == nullptr ? Gauge() : Gauge(cell->get());
}

Histogram Registry::histogram(std::string_view name, std::string_view help,
                              std::span<const double> bounds, const Labels& labels) {
  const std::scoped_lock lock(impl_->mutex);
  Series* series = impl_->series(name, help, "histogram", labels, [&] {
    std::vector<double> upper(bounds.begin(), bounds.end());
    if (const auto known = impl_->families.find(name);
        known != impl_->families.end() && !known->second.series.empty()) {
      upper = std::get<HistogramCell>(known->second.series.begin()->second)->bounds;
    }
    return Series(std::make_unique<Histogram::Cells>(std::move(upper)));
  });
  auto* cells = series == nullptr ? nullptr : std::get_if<HistogramCell>(series);
  return cells == nullptr ? Histogram() : Histogram(cells->get());
}

void Registry::gauge_callback(std::string_view name, std::string_view help,
                              std::function<double()> read, const Labels& labels) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->series(name, help, "gauge", labels, [&] { return Series(std::move(read)); });
}

std::string Registry::render() const {
  const std::scoped_lock lock(impl_->mutex);
  std::string out;
  for (const auto& [name, family] : impl_->families) {
    out.append("# HELP ").append(name).append(" ").append(escape(family.help, false));
    out.append("\n# TYPE ").append(name).append(" ").append(family.type).append("\n");
    for (const auto& [labels, series] : family.series) {
      append_series(out, name, labels, series);
    }
  }
  out +=
      "# HELP cardea_metrics_refused_total Registrations refused: bad name or too many series\n"
      "# TYPE cardea_metrics_refused_total counter\n";
  append_line(out, "cardea_metrics_refused_total", "", std::to_string(impl_->refused));
  return out;
}

}  // namespace cardea::metrics
