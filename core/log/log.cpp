// Levels and areas, on spdlog's loggers.
#include "core/log/log.hpp"

#include <map>
#include <mutex>
#include <vector>

#include <spdlog/logger.h>

#include "core/log/line_formatter.hpp"
#include "core/log/line_sink.hpp"

namespace cardea::log {

namespace {

constexpr std::size_t kMaxAreas = 256;

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warn:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
    case Level::Off:
      break;
  }
  return spdlog::level::off;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct Levels {
  Level otherwise = Level::Info;
  std::map<std::string, Level, std::less<>> by_area;

  [[nodiscard]] Level of(std::string_view area) const {
    const auto found = by_area.find(area);
    return found == by_area.end() ? otherwise : found->second;
  }
};

Result<Levels> parse_levels(std::string_view text) {
  Levels levels;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view item = trimmed(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    const auto equals = item.find('=');
    const auto level =
        parse_level(trimmed(equals == std::string_view::npos ? item : item.substr(equals + 1)));
    if (!level) {
      return level.error();
    }
    if (equals == std::string_view::npos) {
      levels.otherwise = *level;
    } else if (levels.by_area.size() < kMaxAreas) {
      levels.by_area.insert_or_assign(std::string(trimmed(item.substr(0, equals))), *level);
    }
  }
  return levels;
}

}  // namespace

Result<Level> parse_level(std::string_view word) {
  constexpr std::string_view kWords[] = {"debug", "info", "warn", "error", "off"};
  for (std::size_t i = 0; i < std::size(kWords); ++i) {
    if (word == kWords[i]) {
      return static_cast<Level>(i);
    }
  }
  return Error{"log level \"" + std::string(word.substr(0, 64)) +
               "\" is not one of debug, info, warn, error, off"};
}

class Area {
 public:
  Area(std::string name, const std::shared_ptr<OutputSink>& sink, Level level)
      : logger_(std::move(name), sink) {
    set_level(level);
  }
  void set_level(Level level) { logger_.set_level(to_spdlog(level)); }
  [[nodiscard]] bool enabled(Level level) const {
    return level != Level::Off && logger_.should_log(to_spdlog(level));
  }
  void write(Level level, std::string_view message) {
    logger_.log(to_spdlog(level), spdlog::string_view_t(message.data(), message.size()));
  }

 private:
  spdlog::logger logger_;
};

bool Logger::enabled(Level level) const { return area_ != nullptr && area_->enabled(level); }

void Logger::write(Level level, std::string_view message) const {
  if (enabled(level)) {
    area_->write(level, message);
  }
}

void Logger::vwrite(Level level, fmt::string_view format, fmt::format_args args) const {
  area_->write(level, fmt::vformat(format, args));
}

struct System::Impl {
  std::mutex mutex;
  Levels levels;
  std::shared_ptr<OutputSink> sink;
  std::map<std::string, std::shared_ptr<Area>, std::less<>> areas;
};

System::System(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

System::~System() { impl_->sink->close(); }

Result<std::unique_ptr<System>> System::make(std::string_view levels, Format format,
                                             LineSink sink) {
  auto parsed = parse_levels(levels);
  if (!parsed) {
    return parsed.error();
  }
  auto impl = std::make_unique<Impl>();
  impl->levels = std::move(*parsed);
  impl->sink = std::make_shared<OutputSink>(std::move(sink));
  impl->sink->set_formatter(std::make_unique<LineFormatter>(format));
  return std::unique_ptr<System>(new System(std::move(impl)));
}

Logger System::get(std::string_view area) {
  const std::scoped_lock lock(impl_->mutex);
  auto found = impl_->areas.find(area);
  if (found == impl_->areas.end()) {
    if (impl_->areas.size() >= kMaxAreas - 1) {
      area = "other";
    }
    found = impl_->areas.try_emplace(std::string(area)).first;
    if (found->second == nullptr) {
      found->second =
          std::make_shared<Area>(std::string(area), impl_->sink, impl_->levels.of(area));
    }
  }
  return Logger(found->second);
}

Result<void> System::set_levels(std::string_view levels) {
  auto parsed = parse_levels(levels);
  if (!parsed) {
    return parsed.error();
  }
  const std::scoped_lock lock(impl_->mutex);
  impl_->levels = std::move(*parsed);
  for (const auto& [name, area] : impl_->areas) {
    area->set_level(impl_->levels.of(name));
  }
  return {};
}

std::uint64_t System::dropped() const { return impl_->sink->dropped(); }

}  // namespace cardea::log
