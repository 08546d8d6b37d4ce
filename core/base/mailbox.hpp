// The only way from one thread to another: a bounded queue of values with an eventfd for the
// owner's event loop.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

namespace cardea {

/// Many senders, one receiver. The receiver watches fd() for reading and calls take_all().
template <typename T>
class Mailbox {
 public:
  /// @param capacity messages held at once; post() refuses beyond it.
  explicit Mailbox(std::size_t capacity)
      : capacity_(capacity), fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Mailbox() { close(fd_); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// [any] Wakes the receiver. False when full: the message was not taken. `always` takes it all
  /// the same: for messages whose number is bounded elsewhere and whose loss would leave something
  /// behind.
  bool post(T message, bool always = false) {
    bool wake = false;
    {
      const std::scoped_lock lock(mutex_);
      if (!always && messages_.size() >= capacity_) {
        return false;
      }
      wake = messages_.empty();
      messages_.push_back(std::move(message));
    }
    if (wake) {
      const std::uint64_t one = 1;
      // Can only fail by overflow, and then the receiver is awake anyway.
      [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);
    }
    return true;
  }

  /// [receiver] All messages in the order of posting; clears fd().
  std::vector<T> take_all() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(fd_, &count, sizeof count);
    std::vector<T> taken;
    const std::scoped_lock lock(mutex_);
    taken.swap(messages_);
    return taken;
  }

  /// Readable while messages wait.
  [[nodiscard]] int fd() const { return fd_; }

 private:
  std::mutex mutex_;
  std::vector<T> messages_;
  std::size_t capacity_;
  int fd_;
};

}  // namespace cardea
