// Fuzzes a DTLS endpoint with the input as a train of datagrams (16-bit length before each), in a
// handshake and after it.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "core/dtls/endpoint.hpp"
#include "core/dtls/fingerprint.hpp"

namespace {

using namespace cardea;

constexpr Time kNow{std::chrono::seconds(1)};

const std::shared_ptr<const dtls::Certificate>& certificate() {
  static const std::shared_ptr<const dtls::Certificate> made = *dtls::Certificate::generate();
  return made;
}

dtls::Endpoint started(dtls::Role role) {
  dtls::Endpoint endpoint(certificate(), role, certificate()->fingerprint());
  endpoint.start(kNow);
  return endpoint;
}

void feed(dtls::Endpoint& endpoint, Bytes input) {
  ByteReader reader(input);
  while (reader.ok() && reader.left() > 2) {
    const std::size_t size = reader.u16();
    endpoint.receive(reader.bytes(std::min(size, reader.left())), kNow);
    endpoint.take_output();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const Bytes input(data + 1, size - 1);
  dtls::Endpoint server = started(dtls::Role::Server);
  if ((data[0] & 1) == 0) {
    feed(server, input);
    // Nobody proves the certificate's key by accident.
    if (server.keys()) {
      std::abort();
    }
    return 0;
  }
  dtls::Endpoint client = started(dtls::Role::Client);
  for (int i = 0; i < 4; ++i) {
    for (const auto& datagram : client.take_output()) {
      server.receive(datagram, kNow);
    }
    for (const auto& datagram : server.take_output()) {
      client.receive(datagram, kNow);
    }
  }
  feed(server, input);
  feed(client, input);
  // A bad record never ends an established connection.
  if (server.state() != dtls::State::Connected || client.state() != dtls::State::Connected) {
    std::abort();
  }
  return 0;
}
