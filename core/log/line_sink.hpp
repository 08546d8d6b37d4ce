// Where finished lines go: a file descriptor or a test's function. Private to core/log.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

#include <spdlog/sinks/base_sink.h>

#include "core/log/log.hpp"

namespace cardea::log {

class OutputSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// @param to empty means stderr.
  explicit OutputSink(System::LineSink to) : to_(std::move(to)) {}

  /// After this nothing is written any more.
  void close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    to_ = {};
  }

  [[nodiscard]] std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 protected:
  void sink_it_(const spdlog::details::log_msg& event) override;
  void flush_() override {}

 private:
  System::LineSink to_;
  bool closed_ = false;
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace cardea::log
