#include "core/media/observer_thread.hpp"

#include <utility>

namespace cardea::media {
namespace {

// Between two rounds: one hand-over then holds many packets.
constexpr auto kRound = std::chrono::milliseconds(20);

}  // namespace

void ObserverQueue::put(Time arrival, bool keyframe, Bytes head, Bytes body) {
  bool sleeping = false;
  {
    const std::scoped_lock lock(mutex_);
    const std::size_t size = head.size() + body.size();
    if (ending_ || bytes_.size() + size > kMaxBytes) {
      ++lost_;
      dropped_.add();
      return;
    }
    bytes_.insert(bytes_.end(), head.begin(), head.end());
    bytes_.insert(bytes_.end(), body.begin(), body.end());
    entries_.push_back({arrival, size, keyframe});
    sleeping = !std::exchange(awake_, true);
  }
  if (sleeping) {
    wake();
  }
}

void ObserverQueue::end() {
  bool sleeping = false;
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    sleeping = !std::exchange(awake_, true);
  }
  if (sleeping) {
    wake();
  }
}

void ObserverQueue::wake() { thread_.wake(shared_from_this()); }

void ObserverQueue::drain() {
  std::vector<std::uint8_t> bytes;
  std::vector<Entry> entries;
  std::uint64_t lost = 0;
  bool last = false;
  {
    const std::scoped_lock lock(mutex_);
    bytes.swap(bytes_);
    entries.swap(entries_);
    lost = std::exchange(lost_, 0);
    last = ending_ && !std::exchange(ended_, ending_);
    awake_ = false;
  }
  std::vector<ObservedPacket> packets;
  packets.reserve(entries.size());
  std::size_t at = 0;
  for (const Entry& entry : entries) {
    packets.push_back({entry.arrival, Bytes(bytes).subspan(at, entry.size), entry.keyframe});
    at += entry.size;
  }
  if (!packets.empty() || lost != 0) {
    observer_->packets(packets, lost);
  }
  if (last) {
    observer_->ended();
  }
}

ObserverThread::ObserverThread() : thread_([this] { run(); }) {}

ObserverThread::~ObserverThread() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ObserverThread::wake(std::shared_ptr<ObserverQueue> queue) {
  {
    const std::scoped_lock lock(mutex_);
    ready_.push_back(std::move(queue));
  }
  wake_.notify_one();
}

void ObserverThread::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !ready_.empty(); });
    if (ready_.empty()) {
      return;
    }
    const auto ready = std::exchange(ready_, {});
    lock.unlock();
    for (const auto& queue : ready) {
      queue->drain();
    }
    lock.lock();
    wake_.wait_for(lock, kRound, [this] { return stopping_; });
  }
}

}  // namespace cardea::media
