#include "core/base/executor.hpp"

#include <algorithm>
#include <utility>

namespace cardea {

Executor::Executor(std::size_t threads, std::size_t capacity)
    : capacity_(capacity), finished_(capacity) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    threads_.emplace_back([this] { work_until_stopped(); });
  }
}

Executor::~Executor() { stop(); }

void Executor::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    jobs_.clear();
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

bool Executor::run(Task work, Task done) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_ || pending_ >= capacity_) {
      return false;
    }
    ++pending_;
    jobs_.push_back({std::move(work), std::move(done)});
  }
  wake_.notify_one();
  return true;
}

bool Executor::post(Task done) {
  {
    const std::scoped_lock lock(mutex_);
    // Room of its own, so that work that waits does not keep answers back.
    if (stopping_ || pending_ >= 2 * capacity_) {
      return false;
    }
    ++pending_;
  }
  // As bounded as `pending_`, and counted there already.
  return finished_.post(std::move(done), true);
}

void Executor::dispatch() {
  for (auto& done : finished_.take_all()) {
    done();
    const std::scoped_lock lock(mutex_);
    --pending_;
  }
}

void Executor::work_until_stopped() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) {
      return;
    }
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job.work();
    // The mailbox is as large as the queue and the pool together, but an owner that never
    // dispatches could still fill it.
    while (!finished_.post(job.done)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    lock.lock();
  }
}

}  // namespace cardea
