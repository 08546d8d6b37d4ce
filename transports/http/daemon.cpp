// libmicrohttpd's callbacks, turned into calls of DaemonListener.
#include "transports/http/daemon.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <string_view>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cardea/sdk/listening.hpp>

namespace cardea::http {

namespace {

// Head and a part of the body of one request; a longer head is refused by libmicrohttpd.
constexpr std::size_t kConnectionMemory = 32768;

// Nothing may be thrown through C.
template <typename T, typename Call>
T fenced(DaemonListener& listener, T fallback, Call&& call) noexcept {
  try {
    return call();
  } catch (const std::exception& failure) {
    listener.failed(failure.what());
  } catch (...) {
    listener.failed("unknown exception");
  }
  return fallback;
}

// Targets stay as they came; routes.cpp decodes once, where it knows what it decodes.
std::size_t keep_escapes(void* /*cls*/, MHD_Connection* /*connection*/, char* text) {
  return std::strlen(text);
}

}  // namespace

std::string peer_address(MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  if (info == nullptr || info->client_addr == nullptr) {
    return "unknown";
  }
  const bool v6 = info->client_addr->sa_family == AF_INET6;
  return sdk::address_text(info->client_addr, v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
}

Daemon::~Daemon() {
  if (daemon_ != nullptr) {
    MHD_stop_daemon(daemon_);
  }
}

Result<void> Daemon::listen(const std::string& address, std::uint16_t port,
                            const Settings& settings) {
  const auto fd = sdk::listen_on(address, port);
  if (!fd) {
    return fd.error();
  }
  if (auto started = start(*fd, settings); !started) {
    close(*fd);
    return started;
  }
  return {};
}

Result<void> Daemon::start_without_port(const Settings& settings) { return start(-1, settings); }

Result<void> Daemon::start(int listening, const Settings& settings) {
  const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                         (listening < 0 ? MHD_USE_NO_LISTEN_SOCKET : MHD_NO_FLAG);
  std::array<MHD_OptionItem, 2> socket = {
      {{MHD_OPTION_LISTEN_SOCKET, listening, nullptr}, {MHD_OPTION_END, 0, nullptr}}};
  if (listening < 0) {
    socket[0] = socket[1];
  }
  daemon_ = MHD_start_daemon(
      flags, 0, on_accept, this, on_request, this, MHD_OPTION_ARRAY, socket.data(),
      MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(settings.max_connections),
      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(settings.idle_timeout.count()),
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory, MHD_OPTION_NOTIFY_CONNECTION,
      on_connection, this, MHD_OPTION_NOTIFY_COMPLETED, on_completed, this,
      MHD_OPTION_URI_LOG_CALLBACK, on_request_line, this, MHD_OPTION_UNESCAPE_CALLBACK,
      keep_escapes, nullptr, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
  return daemon_ == nullptr ? Result<void>(Error{"libmicrohttpd refused to start"})
                            : Result<void>();
}

bool Daemon::add(const Arrival& arrival) {
  // It closes the descriptor when it refuses.
  return MHD_add_connection(daemon_, arrival.fd, reinterpret_cast<const sockaddr*>(&arrival.from),
                            arrival.from_size) == MHD_YES;
}

std::uint16_t Daemon::port() const {
  const auto* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
  return info == nullptr ? std::uint16_t{0} : info->port;
}

void Daemon::drain() {
  if (daemon_ != nullptr && !drained_) {
    drained_ = true;
    if (const int fd = MHD_quiesce_daemon(daemon_); fd >= 0) {
      close(fd);
    }
  }
}

MHD_Result Daemon::on_accept(void* cls, const sockaddr* from, socklen_t size) {
  auto& self = *static_cast<Daemon*>(cls);
  return fenced(self.listener_, MHD_NO, [&] {
    return self.listener_.accepts(sdk::address_text(from, size), self.admin_) ? MHD_YES : MHD_NO;
  });
}

void Daemon::on_connection(void* cls, MHD_Connection* connection, void** /*context*/,
                           MHD_ConnectionNotificationCode what) {
  auto& self = *static_cast<Daemon*>(cls);
  fenced(self.listener_, 0, [&] {
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
      self.listener_.connected(connection);
    } else {
      self.listener_.disconnected(connection);
    }
    return 0;
  });
}

void* Daemon::on_request_line(void* cls, const char* target, MHD_Connection* connection) {
  auto& self = *static_cast<Daemon*>(cls);
  return fenced<void*>(self.listener_, nullptr, [&] {
    auto* exchange = new Exchange;
    exchange->connection = connection;
    exchange->target = target;
    exchange->admin = self.admin_;
    self.listener_.begins(*exchange);
    return exchange;
  });
}

MHD_Result Daemon::on_request(void* cls, MHD_Connection* /*connection*/, const char* /*url*/,
                              const char* method, const char* /*version*/, const char* piece,
                              std::size_t* size, void** exchange) {
  auto& self = *static_cast<Daemon*>(cls);
  if (*exchange == nullptr) {
    return MHD_NO;
  }
  return fenced(self.listener_, MHD_NO, [&] {
    auto& what = *static_cast<Exchange*>(*exchange);
    what.method = method;
    const bool goes_on = self.listener_.serve(what, piece, *size);
    *size = 0;
    return goes_on ? MHD_YES : MHD_NO;
  });
}

void Daemon::on_completed(void* cls, MHD_Connection* /*connection*/, void** exchange,
                          MHD_RequestTerminationCode /*why*/) {
  auto& self = *static_cast<Daemon*>(cls);
  auto* what = static_cast<Exchange*>(*exchange);
  *exchange = nullptr;
  if (what != nullptr) {
    fenced(self.listener_, 0, [&] {
      self.listener_.ends(*what);
      return 0;
    });
    delete what;
  }
}

}  // namespace cardea::http
