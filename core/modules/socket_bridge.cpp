#include "core/modules/socket_bridge.hpp"

#include <charconv>
#include <vector>

#include <cardea/transport.h>

#include "core/modules/contained.hpp"
#include "core/modules/text.hpp"

namespace cardea::modules {

namespace {

// A client that has gone between the answer and the handshake is never heard of.
constexpr auto kHandshake = std::chrono::seconds(20);
constexpr int kGoingAway = 1001;

cardea_socket_t accept(void* context, cardea_rest_call_t call, const cardea_socket_events_t* events,
                       void* argument) noexcept {
  auto& self = ModuleContext::on_control(context);
  return contained(self, "sockets accept", cardea_socket_t{0},
                   [&] { return self.services.sockets.accept(self, call, *events, argument); });
}

void send(void* context, cardea_socket_t socket, cardea_str_t text) noexcept {
  auto& self = ModuleContext::on_control(context);
  contained(self, "sockets send", [&] { self.services.sockets.send(socket, view(text)); });
}

void close(void* context, cardea_socket_t socket, int code, cardea_str_t reason) noexcept {
  auto& self = ModuleContext::on_control(context);
  contained(self, "sockets close",
            [&] { self.services.sockets.close(socket, code, view(reason)); });
}

constexpr cardea_sockets_t kSockets{sizeof(cardea_sockets_t), &accept, &send, &close};

}  // namespace

cardea_socket_t SocketBridge::accept(const ModuleContext& owner, cardea_rest_call_t call,
                                     const cardea_socket_events_t& events, void* argument) {
  if (!rest_.is_upgrade(call)) {
    return 0;
  }
  drop_late();
  const cardea_socket_t number = ++last_;
  sockets_[number] = {&owner, &events, argument, {}, false, now_() + kHandshake};
  rest_.respond(call, 101, {{CARDEA_SOCKET_TICKET, std::to_string(number)}}, {});
  return number;
}

void SocketBridge::send(cardea_socket_t socket, std::string_view text) {
  const auto found = sockets_.find(socket);
  if (found != sockets_.end() && found->second.open) {
    port_.send(found->second.client, text);
  }
}

void SocketBridge::close(cardea_socket_t socket, int code, std::string_view reason) {
  const auto found = sockets_.find(socket);
  if (found != sockets_.end() && found->second.open) {
    port_.close(found->second.client, code, reason);
  }
}

void SocketBridge::forget(const ModuleContext* owner) {
  std::erase_if(sockets_, [&](const auto& one) {
    const Socket& socket = one.second;
    if (socket.owner != owner) {
      return false;
    }
    if (socket.open) {
      by_client_.erase(socket.client);
      port_.close(socket.client, kGoingAway, "shutting down");
    }
    return true;
  });
}

void SocketBridge::opened(session::ClientId client, std::string_view ticket) {
  cardea_socket_t number = 0;
  std::from_chars(ticket.data(), ticket.data() + ticket.size(), number);
  const auto found = sockets_.find(number);
  if (found == sockets_.end() || found->second.open) {
    port_.close(client, kGoingAway, "came too late");
    return;
  }
  Socket& socket = found->second;
  socket.client = client;
  socket.open = true;
  by_client_[client] = number;
  const Socket told = socket;
  contained(*told.owner, "socket opened", [&] { told.events->opened(told.argument, number); });
}

bool SocketBridge::message(session::ClientId client, std::string_view text) {
  const auto found = by_client_.find(client);
  if (found == by_client_.end()) {
    return false;
  }
  const cardea_socket_t number = found->second;
  const Socket told = sockets_.at(number);
  contained(*told.owner, "socket message",
            [&] { told.events->message(told.argument, number, borrow(text)); });
  return true;
}

bool SocketBridge::closed(session::ClientId client) {
  const auto found = by_client_.find(client);
  if (found == by_client_.end()) {
    return false;
  }
  const cardea_socket_t number = found->second;
  by_client_.erase(found);
  const Socket told = sockets_.at(number);
  sockets_.erase(number);
  tell_closed(told, number);
  return true;
}

void SocketBridge::tell_closed(const Socket& socket, cardea_socket_t number) const {
  contained(*socket.owner, "socket closed",
            [&] { socket.events->closed(socket.argument, number); });
}

void SocketBridge::drop_late() {
  std::vector<std::pair<cardea_socket_t, Socket>> late;
  std::erase_if(sockets_, [&](const auto& one) {
    const bool over = !one.second.open && now_() >= one.second.until;
    if (over) {
      late.push_back(one);
    }
    return over;
  });
  for (const auto& [number, socket] : late) {
    tell_closed(socket, number);
  }
}

const cardea_sockets_t& sockets_table() { return kSockets; }

}  // namespace cardea::modules
