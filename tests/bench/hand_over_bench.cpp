// What it costs that a datagram came to another worker than its peer's: both sides of a hand-over,
// in µs of CPU for each datagram, by size of the batch; and how long a batch is on its way.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <thread>
#include <vector>

#include <poll.h>

#include "core/media/neighbours.hpp"

using namespace cardea;
using namespace cardea::media;

namespace {

constexpr std::size_t kDatagrams = 400'000;
constexpr std::uint32_t kSize = 1100;

double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// The worker that has the peers: takes what comes and copies it to buffers of its own.
struct Receiver {
  Crew& crew;
  std::atomic<bool> stop{false};
  std::atomic<std::size_t> received{0};
  double cpu = 0;

  void run() {
    PacketPool pool(128);
    std::vector<PacketRef> kept;
    Mailbox<CrewMessage>& mailbox = *crew.mailboxes[1];
    const double begun = cpu_us();
    while (!stop.load()) {
      pollfd ready{mailbox.fd(), POLLIN, 0};
      poll(&ready, 1, 10);
      for (const CrewMessage& message : mailbox.take_all()) {
        take(std::get<HandOver>(message).batch, pool, kept);
      }
    }
    cpu = cpu_us() - begun;
  }
  void take(const DatagramBatch& batch, PacketPool& pool, std::vector<PacketRef>& kept) {
    std::size_t at = 0;
    for (const auto& piece : batch.pieces) {
      kept.push_back(pool.take());
      std::memcpy(kept.back().space().data(), batch.bytes.data() + at, piece.size);
      at += piece.size;
    }
    kept.clear();
    received += batch.pieces.size();
  }
};

struct Cost {
  double sender = 0;
  double receiver = 0;
  double way = 0;  ///< of one batch, median
};

Cost measure(std::size_t batch) {
  metrics::Registry metrics;
  Crew crew(2, metrics);
  Neighbours here(crew, 0);
  Receiver receiver{crew};
  std::thread thread([&] { receiver.run(); });
  PacketPool pool(4);
  const Path path(*Address::parse("192.0.2.1", 1));
  Datagram datagram{pool.take(), kSize, path};
  std::memset(datagram.buffer.space().data(), 0, kSize);
  datagram.buffer.space()[0] = 0x80;
  here.learn({path, 1}, MonotonicClock::now());

  double cpu = 0;
  std::vector<double> ways;
  for (std::size_t sent = 0; sent < kDatagrams / 8; sent += batch) {
    const Time begun = MonotonicClock::now();
    const double before = cpu_us();
    for (std::size_t i = 0; i < batch; ++i) {
      here.stray(datagram);
    }
    here.flush();
    cpu += cpu_us() - before;
    while (receiver.received.load() < sent + batch) {
      std::this_thread::yield();
    }
    ways.push_back(static_cast<double>((MonotonicClock::now() - begun).count()));
  }
  const std::size_t total = receiver.received.load();
  receiver.stop.store(true);
  thread.join();
  std::nth_element(ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(ways.size() / 2),
                   ways.end());
  return {cpu / static_cast<double>(total), receiver.cpu / static_cast<double>(total),
          ways[ways.size() / 2]};
}

}  // namespace

int main() {
  std::printf("batch  sender us/datagram  receiver us/datagram  way of a batch us\n");
  for (const std::size_t batch : {1U, 4U, 16U, 64U}) {
    const Cost cost = measure(batch);
    std::printf("%5zu  %18.3f  %20.3f  %17.1f\n", batch, cost.sender, cost.receiver, cost.way);
  }
}
