// Blocking work on the executor: outgoing HTTP, images.
#pragma once

#include <functional>
#include <iterator>
#include <list>
#include <utility>

#include <cardea/executor.h>
#include <cardea/sdk/module.hpp>

namespace cardea::sdk {

/// [control] Lives until the module's end.
class Background {
 public:
  explicit Background(const Host& host)
      : host_(host), executor_(host.get_interface<cardea_executor_t>(CARDEA_EXECUTOR)) {}
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// `work` on another thread, then `done`. False when too much waits: then neither is called.
  [[nodiscard]] bool run(std::function<void()> work, std::function<void()> done) {
    if (jobs_.size() >= kMost) {
      return false;
    }
    Job& job = jobs_.emplace_back(*this, std::move(work), std::move(done));
    job.place = std::prev(jobs_.end());
    if (executor_->run(host_.context(), &perform, &finish, &job) == 0) {
      return true;
    }
    jobs_.erase(job.place);
    return false;
  }

 private:
  // What waits; the executor's threads are few.
  static constexpr std::size_t kMost = 100;

  struct Job {
    Job(Background& the_owner, std::function<void()> the_work, std::function<void()> the_done)
        : owner(the_owner), work(std::move(the_work)), done(std::move(the_done)) {}
    Background& owner;
    std::function<void()> work;
    std::function<void()> done;
    std::list<Job>::iterator place{};
  };

  static void perform(void* argument) {
    Job& job = *static_cast<Job*>(argument);
    guarded(job.owner.host_, "provider", [&] { job.work(); });
  }
  static void finish(void* argument) {
    Job& job = *static_cast<Job*>(argument);
    const Host& host = job.owner.host_;
    const auto done = std::move(job.done);
    job.owner.jobs_.erase(job.place);
    guarded(host, "provider's answer", [&] { done(); });
  }

  Host host_;
  const cardea_executor_t* executor_;
  std::list<Job> jobs_;  ///< so that none is lost at the host's end
};

}  // namespace cardea::sdk
