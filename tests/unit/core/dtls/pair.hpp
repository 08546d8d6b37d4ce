// Two DTLS endpoints and a network between them on virtual time.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>

#include "core/dtls/endpoint.hpp"

namespace dtls_test {

using namespace std::chrono_literals;
using cardea::Bytes;
using cardea::Time;
using cardea::dtls::Certificate;
using cardea::dtls::Datagrams;
using cardea::dtls::Endpoint;
using cardea::dtls::EndpointOptions;
using cardea::dtls::Role;
using cardea::dtls::State;

using Datagram = std::vector<std::uint8_t>;

inline constexpr Time kStart{100s};

/// True: this datagram is lost. Counted from zero over both directions.
using Loss = std::function<bool(int count)>;

struct Pair {
  std::shared_ptr<const Certificate> client_certificate = *Certificate::generate();
  std::shared_ptr<const Certificate> server_certificate = *Certificate::generate();
  Endpoint client;
  Endpoint server;
  Time now = kStart;
  int datagrams = 0;
  std::size_t largest = 0;

  explicit Pair(EndpointOptions options = {})
      : client(client_certificate, Role::Client, server_certificate->fingerprint(), options),
        server(server_certificate, Role::Server, client_certificate->fingerprint(), options) {}

  void start() {
    server.start(now);
    client.start(now);
  }

  void deliver(Endpoint& from, Endpoint& to, const Loss& lost) {
    for (const auto& datagram : from.take_output()) {
      largest = std::max(largest, datagram.size());
      if (!lost || !lost(datagrams)) {
        to.receive(datagram, now);
      }
      ++datagrams;
    }
  }

  /// Until nothing is on the way.
  void exchange(const Loss& lost = {}) {
    for (int i = 0; i < 20; ++i) {
      deliver(client, server, lost);
      deliver(server, client, lost);
    }
  }

  [[nodiscard]] bool connected() const {
    return client.state() == State::Connected && server.state() == State::Connected;
  }

  /// Lets time pass from deadline to deadline, 25 s at most.
  void run(const Loss& lost = {}) {
    exchange(lost);
    while (!connected() && now < kStart + 25s) {
      const auto a = client.next_deadline();
      const auto b = server.next_deadline();
      if (!a && !b) {
        return;
      }
      now = std::min(a.value_or(Time::max()), b.value_or(Time::max()));
      client.poll(now);
      server.poll(now);
      exchange(lost);
    }
  }
};

}  // namespace dtls_test
