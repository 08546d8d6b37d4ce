// One thread that carries all TLS connections.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include <cardea/sdk/module.hpp>

#include "transports/tls/config.hpp"
#include "transports/tls/identity.hpp"
#include "transports/tls/tunnel.hpp"

namespace cardea::tls {

/// Told once of each connection: a plain socket, or -1.
struct Answer {
  void (*call)(void* argument, int fd);
  void* argument;
};

class Service {
 public:
  /// @param identity has a certificate. Both outlive the service.
  Service(const sdk::Host& host, const Settings& settings, Identity& identity);
  /// A moment for the last bytes of plain sides that have closed, then everything is cut.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// False when the system refused its descriptors.
  [[nodiscard]] bool start();

  /// [any]
  void terminate(int fd, Answer answer);
  /// [any] Bytes that went to the plain socket `fd`; 0 when it is none of ours.
  [[nodiscard]] std::uint64_t received(int fd) const;

 private:
  struct Arrival {
    int fd;
    Answer answer;
  };
  struct Entry {
    std::unique_ptr<Tunnel> tunnel;
    Answer answer{};
    std::uint64_t cookie = 0;  ///< of the plain socket that was given away
  };

  void run();
  [[nodiscard]] bool done(Time now) const;
  [[nodiscard]] int patience() const;
  void take_arrivals(Time now);
  void ready(int fd, std::uint32_t events, Time now);
  void turn(int fd, Time now);
  bool give(Entry& entry);
  void end(int fd);
  void tick(Time now);
  void watch(int fd) const;
  void wake() const;

  sdk::Host host_;
  const Settings& settings_;
  Identity& identity_;
  int epoll_ = -1;
  int wake_ = -1;
  std::unordered_map<int, Entry> entries_;  ///< by the client's socket
  std::unordered_map<int, int> clients_;    ///< from our end of the pair to the client's socket
  std::vector<int> busy_;                   ///< their turn was over before their work
  std::vector<std::unique_ptr<Tunnel>> ended_;
  Scratch scratch_{};
  Time next_tick_{};
  Time next_check_{};
  mutable std::mutex mutex_;
  std::vector<Arrival> arrivals_;
  std::unordered_map<std::uint64_t, const Tunnel*> by_cookie_;
  bool stopping_ = false;
  Time stop_by_{};
  std::thread thread_;
};

}  // namespace cardea::tls
