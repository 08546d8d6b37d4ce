// A few threads for work that blocks; each result comes back to the owner's event loop as a
// message.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/mailbox.hpp"

namespace cardea {

class Executor {
 public:
  using Task = std::function<void()>;

  /// @param threads at least 1. @param capacity tasks between run() and their `done`; run() refuses
  /// beyond it.
  Executor(std::size_t threads, std::size_t capacity);
  /// Calls stop().
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// [any] Runs `work` on a pool thread, then `done` by the next dispatch() of the owner. False
  /// when full. Neither may throw.
  bool run(Task work, Task done);

  /// [any] Only the second half: runs `done` by the next dispatch(). False when full.
  bool post(Task done);

  /// [owner] Waits for the tasks under way and drops queued ones; run() refuses from now on. May be
  /// called twice.
  void stop();

  /// Readable when dispatch() has something to do.
  [[nodiscard]] int fd() const { return finished_.fd(); }
  /// [owner] Calls `done` of each finished task.
  void dispatch();

 private:
  struct Job {
    Task work;
    Task done;
  };

  void work_until_stopped();

  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::size_t pending_ = 0;
  bool stopping_ = false;
  Mailbox<Task> finished_;
  std::vector<std::thread> threads_;
};

}  // namespace cardea
