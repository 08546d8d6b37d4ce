// Turns one event into one line of text or JSON. Private to core/log.
#pragma once

#include <memory>

#include <spdlog/formatter.h>

#include "core/log/log.hpp"

namespace cardea::log {

/// Text: "2026-01-31T12:00:00.123Z info  [area] message"; JSON:
/// {"ts":...,"level":...,"area":...,"message":...}.
class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(Format format) : format_(format) {}
  void format(const spdlog::details::log_msg& event, spdlog::memory_buf_t& out) override;
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override;

 private:
  Format format_;
};

}  // namespace cardea::log
