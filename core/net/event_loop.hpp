// One thread's epoll loop: descriptors, timers, and a cached time per turn.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include <sys/epoll.h>

#include <cardea/sdk/result.hpp>

#include "core/base/time.hpp"
#include "core/net/timer_queue.hpp"

namespace cardea::net {

/// Level-triggered. All calls on the loop's own thread, except stop(). A turn is: wait, read the
/// clock, due timers, ready descriptors, the end-of-turn hook.
class EventLoop {
 public:
  /// @param events the EPOLL* bits that are ready.
  using FdCallback = std::function<void(std::uint32_t events)>;
  using Clock = std::function<Time()>;

  explicit EventLoop(Clock clock = MonotonicClock::now);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Watches `fd` (borrowed) for `events` (EPOLLIN, EPOLLOUT). Error when already watched or not
  /// watchable.
  Result<void> add(int fd, std::uint32_t events, FdCallback callback);
  Result<void> modify(int fd, std::uint32_t events);
  /// Before the owner closes `fd`. Its callback does not run any more, not even in this turn.
  void remove(int fd);

  [[nodiscard]] TimerQueue& timers() { return timers_; }
  /// One shot, counted from now().
  TimerId after(Duration delay, TimerQueue::Callback callback) {
    return timers_.schedule(now_ + delay, std::move(callback));
  }

  /// The time at the start of this turn.
  [[nodiscard]] Time now() const { return now_; }

  /// Turns until stop(). A stop() before run() ends it at once.
  void run();
  /// One turn; waits at most `max_wait` (zero polls), less when a timer is due sooner.
  void run_once(Duration max_wait);
  /// [any] Ends run() after the present turn.
  void stop();

  /// Called after the callbacks of each turn, e.g. to flush what the turn has gathered.
  void set_end_of_turn(std::function<void()> hook) { end_of_turn_ = std::move(hook); }
  /// Called after each turn with its length (the waiting left out), for the watchdog.
  void set_turn_observer(std::function<void(Duration)> observer) {
    turn_observer_ = std::move(observer);
  }

 private:
  struct Watch {
    int fd = -1;
    bool removed = false;
    FdCallback callback;
  };

  [[nodiscard]] int wait_ms(Duration max_wait) const;
  void drain_wake();

  Clock clock_;
  Time now_;
  int epoll_fd_;
  int wake_fd_;
  std::atomic<bool> stopped_{false};
  TimerQueue timers_;
  std::unordered_map<int, std::unique_ptr<Watch>> watches_;
  // Removed in this turn: their events may still wait in the turn's list, which points to them.
  std::vector<std::unique_ptr<Watch>> retired_;
  std::function<void()> end_of_turn_;
  std::function<void(Duration)> turn_observer_;
};

}  // namespace cardea::net
