// Named loggers: one escaped line per event on stderr, with a level for each area. spdlog stays
// inside log.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/core.h>

#include <cardea/sdk/result.hpp>

namespace cardea::log {

enum class Level : std::uint8_t { Debug, Info, Warn, Error, Off };
enum class Format : std::uint8_t { Text, Json };

/// A text argument longer than this is cut (threat S19).
inline constexpr std::size_t kFieldCap = 512;

/// [any] "debug", "info", "warn", "error" or "off".
Result<Level> parse_level(std::string_view word);

class Area;

/// Writes the events of one area. A copy is a pointer copy; a default-made one drops everything.
/// [any] All calls; the System that made it may go first, then nothing is written any more.
class Logger {
 public:
  Logger() = default;
  explicit Logger(std::shared_ptr<Area> area) : area_(std::move(area)) {}

  [[nodiscard]] bool enabled(Level level) const;

  /// `message` as it is: for text that comes from elsewhere, e.g. from a module.
  void write(Level level, std::string_view message) const;

  template <typename... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    formatted(Level::Debug, format, args...);
  }
  template <typename... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    formatted(Level::Info, format, args...);
  }
  template <typename... Args>
  void warn(fmt::format_string<Args...> format, Args&&... args) const {
    formatted(Level::Warn, format, args...);
  }
  template <typename... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) const {
    formatted(Level::Error, format, args...);
  }

 private:
  template <typename T>
  static decltype(auto) field(const T& value) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      return std::string_view(value).substr(0, kFieldCap);
    } else {
      return (value);
    }
  }

  template <typename... Args>
  void formatted(Level level, fmt::string_view format, const Args&... args) const {
    if (enabled(level)) {
      vwrite(level, format, fmt::make_format_args(field(args)...));
    }
  }
  void vwrite(Level level, fmt::string_view format, fmt::format_args args) const;

  std::shared_ptr<Area> area_;
};

/// Owns the sink and the levels. One per process, made by the host (or by a test with its own
/// sink).
class System {
 public:
  /// Receives each finished line without its newline. Called by one thread at a time.
  using LineSink = std::function<void(std::string_view line)>;

  /// @param levels "info" or "info,ice=debug,media=warn": first the default, then single areas.
  /// @param sink where lines go; empty means stderr.
  static Result<std::unique_ptr<System>> make(std::string_view levels, Format format,
                                              LineSink sink = {});
  ~System();
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  /// [any] The logger of one area. At most 256 areas; later names share the area "other".
  Logger get(std::string_view area);

  /// [any] Replaces all levels, in the syntax of make(); an error changes nothing.
  Result<void> set_levels(std::string_view levels);

  /// [any] Events that could not be written (disk full, closed stderr).
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Impl;
  explicit System(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cardea::log
