// Work that waits for others (outgoing HTTP, mail) or for the processor (pictures), on threads of a
// module's own: on the executor a slow server abroad would keep the database waiting.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <iterator>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <cardea/executor.h>
#include <cardea/sdk/module.hpp>

namespace cardea::sdk {

/// [control] but for the work itself.
class Background {
 public:
  struct Size {
    std::size_t threads = 1;
    std::size_t queue = 100;  ///< jobs that wait or are under way
  };

  Background(const Host& host, Size size)
      : host_(host),
        executor_(host.get_interface<cardea_executor_t>(CARDEA_EXECUTOR)),
        queue_(size.queue) {
    for (std::size_t i = 0; i < size.threads; ++i) {
      threads_.emplace_back([this] { work_until_stopped(); });
    }
  }
  /// Waits for the work under way, which should look at stopping(); what has not begun is dropped.
  ~Background() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// `work` on another thread, then `done` [control]. False when too much waits: then neither is
  /// called.
  [[nodiscard]] bool run(std::function<void()> work, std::function<void()> done) {
    if (jobs_.size() >= queue_) {
      return false;
    }
    Job& job = jobs_.emplace_back(*this, std::move(work), std::move(done));
    job.place = std::prev(jobs_.end());
    {
      const std::scoped_lock lock(mutex_);
      waiting_.push_back(&job);
    }
    wake_.notify_one();
    return true;
  }

  /// [any] The server ends: give up.
  [[nodiscard]] const std::atomic<bool>& stopping() const { return stopping_; }

 private:
  struct Job {
    Job(Background& the_owner, std::function<void()> the_work, std::function<void()> the_done)
        : owner(the_owner), work(std::move(the_work)), done(std::move(the_done)) {}
    Background& owner;
    std::function<void()> work;
    std::function<void()> done;
    std::list<Job>::iterator place{};
  };

  void work_until_stopped() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) {
        return;
      }
      Job* job = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      guarded(host_, "work in the background", [&] { job->work(); });
      lock.lock();
      while (!stopping_ && executor_->post(host_.context(), &finish, job) != 0) {
        // The control thread is behind; its queue has room again soon.
        wake_.wait_for(lock, std::chrono::milliseconds(5), [this] { return stopping_.load(); });
      }
    }
  }
  static void finish(void* argument) {
    Job& job = *static_cast<Job*>(argument);
    const Host& host = job.owner.host_;
    const auto done = std::move(job.done);
    job.owner.jobs_.erase(job.place);
    guarded(host, "end of work in the background", [&] { done(); });
  }

  Host host_;
  const cardea_executor_t* executor_;
  const std::size_t queue_;
  std::list<Job> jobs_;  ///< all that have not finished
  std::mutex mutex_;     ///< guards what is below
  std::condition_variable wake_;
  std::deque<Job*> waiting_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;  ///< last: they use all of the above
};

}  // namespace cardea::sdk
