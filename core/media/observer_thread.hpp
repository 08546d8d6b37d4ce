// The thread on which observers get their packets, and the bounded queue of each.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/media/engine.hpp"
#include "core/metrics/metrics.hpp"

namespace cardea::media {

class ObserverThread;

/// What waits for one observer: copies of packets up to a bound in bytes; what does not fit is
/// counted and told.
class ObserverQueue : public std::enable_shared_from_this<ObserverQueue> {
 public:
  // Eight seconds of video at 4 Mbit/s.
  static constexpr std::size_t kMaxBytes = std::size_t{4} * 1024 * 1024;

  /// @param dropped counts what did not fit. @param thread outlives the queue's use.
  ObserverQueue(ObserverThread& thread, std::shared_ptr<Observer> observer,
                metrics::Counter dropped)
      : thread_(thread), observer_(std::move(observer)), dropped_(dropped) {}

  /// [any] The packet is `head` followed by `body`.
  void put(Time arrival, bool keyframe, Bytes head, Bytes body);
  /// [any] Nothing more comes; Observer::ended() follows what waits.
  void end();

 private:
  friend class ObserverThread;
  struct Entry {
    Time arrival;
    std::size_t size = 0;
    bool keyframe = false;
  };

  /// [observer's thread] Hands over all that waits.
  void drain();
  void wake();

  ObserverThread& thread_;
  std::shared_ptr<Observer> observer_;
  metrics::Counter dropped_;
  std::mutex mutex_;
  std::vector<std::uint8_t> bytes_;
  std::vector<Entry> entries_;
  std::uint64_t lost_ = 0;
  bool awake_ = false;
  bool ending_ = false;
  bool ended_ = false;
};

/// One thread for all observers, so that none is ever called twice at once.
class ObserverThread {
 public:
  ObserverThread();
  /// After the last queue was ended: hands over what still waits, then ends the thread.
  ~ObserverThread();
  ObserverThread(const ObserverThread&) = delete;
  ObserverThread& operator=(const ObserverThread&) = delete;

 private:
  friend class ObserverQueue;

  void wake(std::shared_ptr<ObserverQueue> queue);
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<ObserverQueue>> ready_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cardea::media
