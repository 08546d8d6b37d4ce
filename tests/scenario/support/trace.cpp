// Writes traces. The folder is the build's, given by CMake.
#include "tests/scenario/support/trace.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace cardea::scenario {

namespace {

constexpr double kWidth = 900;
constexpr double kPanel = 160;
constexpr double kLeft = 70;
constexpr std::array<std::string_view, 4> kColours = {"#1f77b4", "#d62728", "#2ca02c", "#9467bd"};

double to_s(Duration d) { return static_cast<double>(d.count()) / 1e6; }

}  // namespace

double Trace::min(std::size_t curve, Duration from, Duration to) const {
  double least = 1e300;
  for (const Row& row : rows_) {
    if (row.at >= from && row.at <= to) {
      least = std::min(least, row.values[curve]);
    }
  }
  return least;
}

double Trace::max(std::size_t curve, Duration from, Duration to) const {
  double greatest = -1e300;
  for (const Row& row : rows_) {
    if (row.at >= from && row.at <= to) {
      greatest = std::max(greatest, row.values[curve]);
    }
  }
  return greatest;
}

double Trace::mean(std::size_t curve, Duration from, Duration to) const {
  double sum = 0;
  double count = 0;
  for (const Row& row : rows_) {
    if (row.at >= from && row.at <= to) {
      sum += row.values[curve];
      count += 1;
    }
  }
  return count > 0 ? sum / count : 0;
}

Duration Trace::settled(std::size_t curve, double low, double high, Duration from,
                        Duration to) const {
  Duration since = Duration::max();
  for (const Row& row : rows_) {
    if (row.at < from || row.at > to) {
      continue;
    }
    const bool within = row.values[curve] >= low && row.values[curve] <= high;
    since = within ? std::min(since, row.at) : Duration::max();
  }
  return since;
}

std::string Trace::csv() const {
  std::ostringstream out;
  out << "seconds";
  for (const std::string& curve : curves_) {
    out << ',' << curve;
  }
  out << '\n';
  for (const Row& row : rows_) {
    out << to_s(row.at);
    for (const double value : row.values) {
      out << ',' << value;
    }
    out << '\n';
  }
  return out.str();
}

// One panel for each curve, since their units differ.
std::string Trace::svg() const {
  const double height = kPanel * static_cast<double>(curves_.size()) + 20;
  const double end = rows_.empty() ? 1 : to_s(rows_.back().at);
  std::ostringstream out;
  out << R"(<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11" width=")"
      << kWidth + kLeft + 20 << R"(" height=")" << height << "\">\n";
  for (std::size_t curve = 0; curve < curves_.size(); ++curve) {
    const double top = kPanel * static_cast<double>(curve) + 20;
    const double most = std::max(max(curve, Duration(), Duration::max()), 1.0);
    const double floor = top + kPanel - 40;
    out << "<text x=\"" << kLeft << "\" y=\"" << top - 5 << "\">" << curves_[curve] << "</text>"
        << "<text x=\"5\" y=\"" << top + 10 << "\">" << most << "</text>"
        << "<text x=\"5\" y=\"" << floor << "\">0</text>"
        << "<text x=\"" << kLeft + kWidth - 30 << "\" y=\"" << floor + 14 << "\">" << end
        << " s</text>\n"
        << "<path fill=\"none\" stroke=\"#ccc\" d=\"M" << kLeft << ' ' << top << 'V' << floor << 'h'
        << kWidth << "\"/>\n<polyline fill=\"none\" stroke=\"" << kColours[curve % kColours.size()]
        << "\" points=\"";
    for (const Row& row : rows_) {
      out << kLeft + kWidth * to_s(row.at) / end << ','
          << floor - (floor - top) * row.values[curve] / most << ' ';
    }
    out << "\"/>\n";
  }
  out << "</svg>\n";
  return out.str();
}

void Trace::write() const {
  const std::filesystem::path folder = CARDEA_TRACES;
  std::filesystem::create_directories(folder);
  std::ofstream(folder / (name_ + ".csv")) << csv();
  std::ofstream(folder / (name_ + ".svg")) << svg();
}

}  // namespace cardea::scenario
