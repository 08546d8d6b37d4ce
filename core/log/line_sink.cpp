// Writes one line with one write(2), so that lines of several processes on one stderr do not mix.
#include "core/log/line_sink.hpp"

#include <cerrno>

#include <unistd.h>

namespace cardea::log {

void OutputSink::sink_it_(const spdlog::details::log_msg& event) {
  if (closed_) {
    return;
  }
  spdlog::memory_buf_t line;
  formatter_->format(event, line);
  if (to_) {
    to_(std::string_view(line.data(), line.size() - 1));
    return;
  }
  std::string_view rest(line.data(), line.size());
  while (!rest.empty()) {
    const ssize_t wrote = write(STDERR_FILENO, rest.data(), rest.size());
    if (wrote < 0 && errno == EINTR) {
      continue;
    }
    if (wrote <= 0) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    rest.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

}  // namespace cardea::log
