#include "core/host/lookup.hpp"

#include <array>
#include <memory>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/address.hpp"
#include "core/base/random.hpp"
#include "core/ice/stun_message.hpp"

namespace cardea::host {

namespace {

using session::LookedUp;

// RFC 8489 6.2.1: again after 500 ms, then doubled.
constexpr std::array kWaits{500, 500, 1000};

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

/// Null when there is none.
Addresses addresses_of(const std::string& host, const std::string& port, int type) {
  addrinfo hints{};
  hints.ai_socktype = type;
  addrinfo* list = nullptr;
  if (host.empty() || getaddrinfo(host.c_str(), port.c_str(), &hints, &list) != 0) {
    return nullptr;
  }
  return Addresses(list);
}

const addrinfo* preferred(const Addresses& list) {
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family == AF_INET) {
      return entry;
    }
  }
  return list.get();
}

class Socket {
 public:
  explicit Socket(int family) : fd_(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

  [[nodiscard]] bool bind_to(int family, std::uint16_t port) const {
    const auto any = Address::parse(family == AF_INET ? "0.0.0.0" : "::", port);
    sockaddr_storage raw{};
    const socklen_t size = any ? any->to_sockaddr(raw) : 0;
    return bind(fd_, reinterpret_cast<const sockaddr*>(&raw), size) == 0;
  }

 private:
  int fd_;
};

/// The mapped address out of the answer to our request; empty for anything else.
std::optional<Address> mapped_address(Bytes datagram, const ice::TransactionId& transaction) {
  const auto parsed = ice::parse_stun(datagram);
  if (!parsed || parsed.message.type_class != ice::StunClass::Success ||
      parsed.message.transaction_id != transaction) {
    return std::nullopt;
  }
  return parsed.message.xor_mapped_address;
}

std::optional<Address> exchange(const Socket& socket, const addrinfo& server) {
  ice::TransactionId transaction{};
  random_bytes(transaction);
  ice::StunWriter writer(ice::StunClass::Request, ice::kStunBinding, transaction);
  const Bytes request = writer.finish("");
  for (const int wait : kWaits) {
    if (sendto(socket.fd(), request.data(), request.size(), 0, server.ai_addr, server.ai_addrlen) <
        0) {
      return std::nullopt;
    }
    pollfd readable{socket.fd(), POLLIN, 0};
    if (poll(&readable, 1, wait) <= 0) {
      continue;
    }
    std::array<std::uint8_t, ice::kMaxStunSize> buffer{};
    const ssize_t size = recv(socket.fd(), buffer.data(), buffer.size(), 0);
    if (size > 0) {
      const Bytes answer(buffer.data(), static_cast<std::size_t>(size));
      if (const auto mapped = mapped_address(answer, transaction)) {
        return mapped;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

Result<LookedUp> resolve_name(const std::string& host) {
  const Time start = MonotonicClock::now();
  const Addresses found = addresses_of(host, "", SOCK_STREAM);
  std::array<char, NI_MAXHOST> text{};
  const addrinfo* first = preferred(found);
  if (first == nullptr || getnameinfo(first->ai_addr, first->ai_addrlen, text.data(), text.size(),
                                      nullptr, 0, NI_NUMERICHOST) != 0) {
    return Error{"Could not resolve address"};
  }
  return LookedUp{text.data(), 0, MonotonicClock::now() - start};
}

Result<LookedUp> ask_stun_server(const session::StunQuestion& question) {
  const Addresses found = addresses_of(question.host, std::to_string(question.port), SOCK_DGRAM);
  const addrinfo* server = preferred(found);
  if (server == nullptr) {
    return Error{"Could not resolve address"};
  }
  const Time start = MonotonicClock::now();
  const Socket socket(server->ai_family);
  if (!socket.bind_to(server->ai_family, question.local_port)) {
    return Error{"Could not bind local port " + std::to_string(question.local_port)};
  }
  const auto mapped = exchange(socket, *server);
  if (!mapped) {
    return Error{"STUN request failed"};
  }
  return LookedUp{mapped->ip(), mapped->port(), MonotonicClock::now() - start};
}

}  // namespace cardea::host
