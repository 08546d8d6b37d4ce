// A network in memory on virtual time: delays, loses, repeats datagrams as a seed says, and keeps a
// trace of them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

#include "core/base/address.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace cardea::scenario {

/// How the way between any two hosts behaves.
struct Path {
  double loss = 0;       ///< 0..1
  double duplicate = 0;  ///< 0..1
  Duration delay = std::chrono::milliseconds(10);
  Duration jitter{};  ///< added to delay, uniform: reorders
};

/// One thread; no clock but its own.
class Network {
 public:
  using Bytestring = std::vector<std::uint8_t>;
  /// `datagram` may be changed.
  using Host = std::function<void(MutableBytes datagram, const Address& from, Time now)>;
  /// True lets a datagram pass.
  using Filter = std::function<bool(const Address& from, const Address& to, Bytes datagram)>;

  explicit Network(std::uint64_t seed) : random_(seed) {}

  void attach(const Address& address, Host host) { hosts_[address] = std::move(host); }
  void set_path(const Path& path) { path_ = path; }
  /// The last hop to one host: a rate, and a queue of 200 ms before it. @param bitrate bit/s, zero
  /// for none.
  void set_bottleneck(const Address& to, std::uint64_t bitrate) {
    bottlenecks_[to] = {bitrate, Time()};
  }
  /// Asked for each datagram sent, before the path is.
  void set_filter(Filter filter) { filter_ = std::move(filter); }

  void send(const Address& from, const Address& to, Bytes datagram);
  /// Time::max() when nothing is on its way.
  [[nodiscard]] Time next() const {
    return in_flight_.empty() ? Time::max() : in_flight_.begin()->first.first;
  }
  /// Hands over what has arrived by `now`.
  void deliver(Time now);

  void set_now(Time now) { now_ = now; }
  [[nodiscard]] Time now() const { return now_; }

  /// Hash over time, hosts, kind and size of all datagrams sent so far. DTLS counts without size:
  /// OpenSSL's signatures vary in length.
  [[nodiscard]] std::uint64_t trace() const { return trace_; }
  /// Datagrams sent to one address.
  [[nodiscard]] std::uint64_t sent_to(const Address& to) const {
    const auto found = sent_to_.find(to);
    return found == sent_to_.end() ? 0 : found->second;
  }

 private:
  struct Flight {
    Address from;
    Address to;
    Bytestring datagram;
  };

  struct Bottleneck {
    std::uint64_t bitrate = 0;
    Time free;
  };

  /// What the queue adds to the way; empty when it is full.
  std::optional<Duration> queue(const Address& to, std::size_t size);
  double chance();
  void note(std::uint64_t value);

  std::mt19937_64 random_;
  Path path_;
  Filter filter_;
  Time now_;
  std::unordered_map<Address, Host, AddressHash> hosts_;
  std::map<std::pair<Time, std::uint64_t>, Flight> in_flight_;
  std::unordered_map<Address, std::uint64_t, AddressHash> sent_to_;
  std::unordered_map<Address, Bottleneck, AddressHash> bottlenecks_;
  std::uint64_t sent_ = 0;
  std::uint64_t trace_ = 14695981039346656037ULL;
};

}  // namespace cardea::scenario
