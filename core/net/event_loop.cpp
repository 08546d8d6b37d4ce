// The epoll loop.
#include "core/net/event_loop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>

#include <sys/eventfd.h>
#include <unistd.h>

namespace cardea::net {

namespace {

// Bounds one turn, so that timers and the end-of-turn flush are never far away.
constexpr std::size_t kMaxEventsPerTurn = 128;
constexpr Duration kLongestWait = std::chrono::hours(1);

Error system_error(const char* what, int fd) {
  return Error{std::string(what) + " of descriptor " + std::to_string(fd) + ": " +
               std::strerror(errno)};
}

}  // namespace

EventLoop::EventLoop(Clock clock)
    : clock_(std::move(clock)),
      now_(clock_()),
      epoll_fd_(epoll_create1(EPOLL_CLOEXEC)),
      wake_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, wake_fd_, &event);
}

EventLoop::~EventLoop() {
  close(epoll_fd_);
  close(wake_fd_);
}

Result<void> EventLoop::add(int fd, std::uint32_t events, FdCallback callback) {
  if (watches_.contains(fd)) {
    return Error{"epoll add: descriptor " + std::to_string(fd) + " is watched already"};
  }
  auto watch = std::make_unique<Watch>();
  watch->fd = fd;
  watch->callback = std::move(callback);
  epoll_event event{};
  event.events = events;
  event.data.ptr = watch.get();
  if (epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0) {
    return system_error("epoll add", fd);
  }
  watches_.emplace(fd, std::move(watch));
  return {};
}

Result<void> EventLoop::modify(int fd, std::uint32_t events) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) {
    return Error{"epoll modify: descriptor " + std::to_string(fd) + " is not watched"};
  }
  epoll_event event{};
  event.events = events;
  event.data.ptr = found->second.get();
  if (epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, fd, &event) != 0) {
    return system_error("epoll modify", fd);
  }
  return {};
}

void EventLoop::remove(int fd) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) {
    return;
  }
  epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
  found->second->removed = true;
  retired_.push_back(std::move(found->second));
  watches_.erase(found);
}

void EventLoop::run() {
  while (!stopped_.load(std::memory_order_acquire)) {
    run_once(kLongestWait);
  }
}

void EventLoop::run_once(Duration max_wait) {
  std::array<epoll_event, kMaxEventsPerTurn> events{};
  const int ready =
      epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()), wait_ms(max_wait));
  now_ = clock_();
  timers_.run(now_);
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    auto* watch = static_cast<Watch*>(event.data.ptr);
    if (watch == nullptr) {
      drain_wake();
    } else if (!watch->removed) {
      watch->callback(event.events);
    }
  }
  if (end_of_turn_) {
    end_of_turn_();
  }
  retired_.clear();
  if (turn_observer_) {
    turn_observer_(clock_() - now_);
  }
}

void EventLoop::stop() {
  stopped_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  // Can only fail by overflow, and then the loop is awake anyway.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
}

int EventLoop::wait_ms(Duration max_wait) const {
  Duration wait = std::clamp(max_wait, Duration::zero(), kLongestWait);
  if (const auto deadline = timers_.next_deadline()) {
    wait = std::clamp(*deadline - clock_(), Duration::zero(), wait);
  }
  // Rounded up: waking before the deadline would turn the loop once for nothing.
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count());
}

void EventLoop::drain_wake() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(wake_fd_, &count, sizeof count);
}

}  // namespace cardea::net
