// The thin I/O around a data hub.
#include "core/media/data_worker.hpp"

#include <algorithm>
#include <utility>

namespace cardea::media {
namespace {

// Batches of packets that wait for a turn; each link bounds its own share again.
constexpr std::size_t kInputs = std::size_t{16} * 1024;
// What is posted there is bounded per peer, see LinkLimits::messages_at_control.
constexpr std::size_t kNotices = std::size_t{16} * 1024;
constexpr Duration kPublish = std::chrono::seconds(1);

}  // namespace

DataWorker::DataWorker(log::Logger log, metrics::Registry& metrics)
    : log_(log), metrics_(metrics), hub_(std::move(log)), inputs_(kInputs), notices_(kNotices) {}

void DataWorker::run() {
  const auto watched = loop_.add(inputs_.fd(), EPOLLIN, [this](std::uint32_t) {
    for (DataInput& input : inputs_.take_all()) {
      hub_.take(std::move(input));
    }
  });
  if (!watched) {
    log_.error("data thread: {}", watched.error().message);
  }
  while (!stopped_.load(std::memory_order_acquire)) {
    const Time now = MonotonicClock::now();
    const Time next = std::min(hub_.next_deadline(now), next_publish_);
    loop_.run_once(std::max(next - now, Duration::zero()));
    end_of_turn();
  }
  loop_.remove(inputs_.fd());
}

void DataWorker::stop() {
  stopped_.store(true, std::memory_order_release);
  loop_.stop();
}

void DataWorker::end_of_turn() {
  const Time now = loop_.now();
  hub_.turn(now);
  for (DataNotice& notice : hub_.take_notices()) {
    notices_.post(std::move(notice), true);
  }
  if (now >= next_publish_) {
    next_publish_ = now + kPublish;
    metrics_.publish(hub_);
  }
}

}  // namespace cardea::media
