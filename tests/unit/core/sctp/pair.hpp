// Two ends of data channels in one process, over a pipe in memory that may lose packets, on virtual
// time.
#pragma once

#include <deque>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/sctp/data_channels.hpp"
#include "tests/support/cmocka.hpp"

namespace cardea::sctp::test {

struct Got {
  ChannelInfo channel;
  bool binary = false;
  std::string payload;
};

class End final : public ChannelListener {
 public:
  void output(Bytes packet) override { packets.emplace_back(packet.begin(), packet.end()); }
  void attend() override { attention = true; }
  void up() override { is_up = true; }
  void down() override { is_down = true; }
  void message(const ChannelInfo& channel, bool binary, std::string payload) override {
    got.push_back({channel, binary, std::move(payload)});
  }
  void refused(Refusal refusal) override { refusals.push_back(refusal); }

  std::deque<std::vector<std::uint8_t>> packets;
  std::vector<Got> got;
  std::vector<Refusal> refusals;
  bool attention = false;
  bool is_up = false;
  bool is_down = false;
  bool reads = true;
  /// Last, since its end still sends.
  std::unique_ptr<DataChannels> channels;
};

class Pair {
 public:
  /// @param loss packets lost in each direction, 0..1.
  explicit Pair(double loss = 0, unsigned seed = 1) : loss_(loss), random_(seed) {
    ChannelsOptions options;
    options.remote_max_message = kMaxMessage;
    options.dtls_client = true;
    a.channels = *DataChannels::create(stack, a, options);
    options.dtls_client = false;
    b.channels = *DataChannels::create(stack, b, options);
  }

  /// Runs until `done`, at most `limit` of virtual time. False when it never was.
  bool run(const std::function<bool()>& done, Duration limit = std::chrono::seconds(60)) {
    for (const Time end = now_ + limit; now_ < end; now_ += Stack::kTick) {
      stack.advance(now_);
      for (int i = 0; i < 20 && (step(a, b) || step(b, a)); ++i) {
      }
      if (done()) {
        return true;
      }
    }
    return false;
  }
  bool connect() {
    return run([&] { return a.is_up && b.is_up; });
  }

  Stack stack;
  End a;
  End b;

 private:
  bool step(End& from, End& to) {
    const bool any = !from.packets.empty();
    for (const auto& packet : std::exchange(from.packets, {})) {
      if (std::uniform_real_distribution<>(0, 1)(random_) >= loss_) {
        to.channels->receive(packet);
      }
    }
    while (to.reads && to.channels->read()) {
    }
    return any;
  }

  double loss_;
  std::mt19937 random_;
  Time now_{std::chrono::hours(1)};
};

}  // namespace cardea::sctp::test
