#include "plugins/auth/hasher.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <utility>

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plugins/auth/crypto.hpp"

namespace cardea::auth {

namespace {

constexpr int kLowestPriority = 19;

std::size_t processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<std::size_t>(CPU_COUNT(&set))
                                                     : 1;
}

}  // namespace

Hasher::Hasher(const Settings& settings, Post post)
    : settings_(settings),
      post_(std::move(post)),
      nobody_(hash_password(random_token(24), settings.cost)) {
  const std::size_t count =
      settings_.threads != 0 ? settings_.threads : std::max<std::size_t>(processors(), 2) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    threads_.emplace_back([this] { work_until_stopped(); });
  }
}

Hasher::~Hasher() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    thread.join();
  }
}

bool Hasher::hash(std::string password, Done done) {
  return add({*this, false, std::move(password), {}, std::move(done)});
}

bool Hasher::verify(std::string password, std::string record, Done done) {
  return add({*this, true, std::move(password), std::move(record), std::move(done)});
}

bool Hasher::add(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= settings_.queue) {
      return false;
    }
    Job& added = jobs_.emplace_back(std::move(job));
    added.place = std::prev(jobs_.end());
    waiting_.push_back(&added);
  }
  wake_.notify_one();
  return true;
}

void Hasher::work_until_stopped() {
  // Of this thread alone, as Linux has it.
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kLowestPriority);
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) {
      return;
    }
    Job* job = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    perform(*job);
    lock.lock();
    while (!stopping_ && !post_(&Hasher::finish, job)) {
      // The control thread is behind; its queue has room again soon.
      wake_.wait_for(lock, std::chrono::milliseconds(5), [this] { return stopping_; });
    }
  }
}

void Hasher::perform(Job& job) const {
  if (std::chrono::steady_clock::now() - job.since > settings_.wait) {
    return;
  }
  try {
    job.outcome.done = true;
    if (!job.verifies) {
      job.outcome.record = hash_password(job.password, settings_.cost);
      return;
    }
    const bool somebody = !job.record.empty();
    job.outcome.right = verify_password(job.password, somebody ? job.record : nobody_) && somebody;
    if (job.outcome.right && is_outdated(job.record, settings_.cost)) {
      job.outcome.record = hash_password(job.password, settings_.cost);
    }
  } catch (const std::exception&) {
    job.outcome = {};  // no memory
  }
}

void Hasher::finish(void* argument) {
  Job& job = *static_cast<Job*>(argument);
  Hasher& self = job.owner;
  const Done done = std::move(job.done);
  const Outcome outcome = std::move(job.outcome);
  {
    const std::scoped_lock lock(self.mutex_);
    self.jobs_.erase(job.place);
  }
  done(outcome);
}

}  // namespace cardea::auth
