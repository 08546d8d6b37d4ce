// What the service thread does besides the lws callbacks: orders from control, and the clocks.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transports/websocket/server.hpp"

namespace cardea::websocket {

namespace {

// Time for close frames to leave and be answered when the module is destroyed.
constexpr std::chrono::milliseconds kStopWait{1500};
// Each second all connections are looked at, a few at a time: ten thousand at once would hold up
// the messages of all for several milliseconds.
constexpr std::size_t kSlices = 20;
constexpr unsigned kFloodTurns = 4;  // seconds between looks at a connection's bytes

std::uint64_t bytes_received(int fd, const cardea_tls_t* tls) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
    return info.tcpi_bytes_received;
  }
  return tls == nullptr ? 0 : tls->received(tls->instance, fd);
}

}  // namespace

void Server::take_orders() {
  for (Order& order : inbox_.take_all()) {
    obey(order);
  }
  if (stopping_ && connections_.empty()) {
    ev_break(loop_.get(), EVBREAK_ALL);
  }
}

void Server::obey(Order& order) {
  const auto found = connections_.find(order.client);
  switch (order.kind) {
    case Order::Kind::Send:
      if (found != connections_.end()) {
        auto& [wsi, connection] = found->second;
        if (connection->queue(std::move(order.text))) {
          lws_callback_on_writable(wsi);
        } else {
          end_slow(wsi, *connection);
        }
      }
      break;
    case Order::Kind::Overflow:
      if (found != connections_.end()) {
        found->second.connection->drop_queue();
        end_slow(found->second.wsi, *found->second.connection);
      }
      break;
    case Order::Kind::Close:
      if (found != connections_.end()) {
        end(found->second.wsi, *found->second.connection, {order.code, std::move(order.text)});
      }
      break;
    case Order::Kind::Refused:
      --handshakes_;
      uncount_address(order.text);
      clients_.count("refused_tls");
      break;
    case Order::Kind::Adopt:
      take_over(order);
      break;
    case Order::Kind::Stop:
      stopping_ = true;
      stop_by_ = std::chrono::steady_clock::now() + kStopWait;
      for (auto& [id, entry] : connections_) {
        end(entry.wsi, *entry.connection, {kGoingAway, "shutting down"});
      }
      [[fallthrough]];
    case Order::Kind::Drain:
      listener_.close();
      admin_listener_.close();
      break;
  }
}

// A connection that came by another port, or out of the TLS of our own.
void Server::take_over(Order& order) {
  if (order.ours) {
    --handshakes_;
    uncount_address(order.text);
  }
  const char* limit = stopping_ ? "refused_stopping" : refusal(order.text, false);
  if (limit != nullptr) {
    clients_.count(limit);
    close(order.fd);
    return;
  }
  adopt(order.fd, std::move(order.text), false, std::move(order.ticket));
}

void Server::end_slow(lws* wsi, Connection& connection) {
  if (!connection.closing()) {
    clients_.count("slow_reader");
    host_.warn("slow reader " + connection.address());
    end(wsi, connection, {kPolicyViolation, "reads too slowly"});
  }
}

void Server::tick() {
  const Time now = std::chrono::steady_clock::now();
  if (stopping_) {
    if (connections_.empty() || now >= stop_by_) {
      ev_break(loop_.get(), EVBREAK_ALL);
    }
    return;
  }
  slice_ = (slice_ + 1) % kSlices;
  if (slice_ == 0) {
    ++turn_;
    tick_listener();
    tick_handshakes(now);
  }
  const std::size_t buckets = connections_.bucket_count();
  for (std::size_t i = slice_; i < buckets; i += kSlices) {
    for (auto entry = connections_.begin(i); entry != connections_.end(i); ++entry) {
      tick_connection(entry->second, now);
    }
  }
}

void Server::tick_listener() {
  for (Listener* listener : {&listener_, &admin_listener_}) {
    if (listener->paused()) {
      clients_.count("out_of_descriptors");
      host_.warn("out of file descriptors: accepting pauses");
      listener->resume();
    }
  }
}

void Server::tick_handshakes(Time now) {
  for (auto& [wsi, tcp] : tcp_) {
    if (tcp.handshake_since && now - *tcp.handshake_since >= settings_.handshake_timeout) {
      // lws sees the end of the stream and lets go; its own timeout starts anew with each phase.
      clients_.count("handshake_timeout");
      host_.debug("handshake timeout " + tcp.address);
      tcp.handshake_since.reset();
      shutdown(tcp.fd, SHUT_RDWR);
    }
  }
}

void Server::tick_connection(const Entry& entry, Time now) {
  lws* wsi = entry.wsi;
  Connection& connection = *entry.connection;
  if (connection.dead(now)) {
    clients_.count("gave_up");
    host_.debug("gave up on " + connection.address());
    // lws learns of the end by reading.
    lws_rx_flow_control(wsi, 1);
    shutdown(lws_get_socket_fd(wsi), SHUT_RDWR);
    return;
  }
  if (connection.closing()) {
    return;
  }
  if (connection.stalled(now)) {
    clients_.count("partial_message_timeout");
    end(wsi, connection, {kPolicyViolation, "message took too long"});
  } else if (settings_.limits && connection.id() % kFloodTurns == turn_ % kFloodTurns &&
             connection.floods(bytes_received(lws_get_socket_fd(wsi), tls_), now)) {
    clients_.count("ping_flood");
    end(wsi, connection, {kPolicyViolation, "too many control frames"});
  } else if (connection.ping_due(now)) {
    connection.want_ping();
    lws_callback_on_writable(wsi);
  }
}

}  // namespace cardea::websocket
