// The two line formats of the log.
#include "core/log/line_formatter.hpp"

#include <chrono>
#include <ctime>
#include <iterator>

#include "core/log/escape.hpp"

namespace cardea::log {

namespace {

// A whole message may join several fields; beyond this it is cut.
constexpr std::size_t kMessageCap = 8192;

std::string utc(std::chrono::system_clock::time_point at) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(at);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(ms);
  const std::time_t whole = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  gmtime_r(&whole, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     (ms - seconds).count());
}

std::string_view level_word(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::info:
      return "info";
    case spdlog::level::warn:
      return "warn";
    default:
      return "error";
  }
}

}  // namespace

void LineFormatter::format(const spdlog::details::log_msg& event, spdlog::memory_buf_t& out) {
  const std::string_view payload(event.payload.data(), event.payload.size());
  const std::string_view area(event.logger_name.data(), event.logger_name.size());
  const bool json = format_ == Format::Json;
  std::string message =
      escaped(payload.substr(0, kMessageCap), json ? Quoting::Json : Quoting::Plain);
  if (payload.size() > kMessageCap) {
    message += "...";
  }
  if (json) {
    fmt::format_to(std::back_inserter(out),
                   R"({{"ts":"{}","level":"{}","area":"{}","message":"{}"}})"
                   "\n",
                   utc(event.time), level_word(event.level), escaped(area, Quoting::Json), message);
  } else {
    fmt::format_to(std::back_inserter(out), "{} {:<5} [{}] {}\n", utc(event.time),
                   level_word(event.level), escaped(area, Quoting::Plain), message);
  }
}

std::unique_ptr<spdlog::formatter> LineFormatter::clone() const {
  return std::make_unique<LineFormatter>(format_);
}

}  // namespace cardea::log
