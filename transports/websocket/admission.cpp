// Who may come in: from accept() to the finished upgrade, and the count of each address.
#include <algorithm>
#include <array>
#include <cstring>

#include <unistd.h>

#include "transports/websocket/server.hpp"

namespace cardea::websocket {

namespace {

// A header of the upgrade request, empty when absent; nothing when it is too long to be looked at.
std::optional<std::string> header(lws* wsi, lws_token_indexes token) {
  std::array<char, 1024> text{};
  const int total = lws_hdr_total_length(wsi, token);
  if (total <= 0) {
    return std::string();
  }
  const int length = lws_hdr_copy(wsi, text.data(), static_cast<int>(text.size()), token);
  return length < 0 ? std::nullopt : std::optional(std::string(text.data()));
}

}  // namespace

const char* Server::refusal(const std::string& address, bool admin) const {
  const sdk::AddressList& acl = admin ? settings_.admin_acl : settings_.acl;
  // Behind a trusted proxy it is the client that counts, once its request is there.
  const bool full = tcp_.size() + handshakes_ >= settings_.max_connections;
  if (settings_.trusted_proxies.contains(address)) {
    return full ? "refused_max_connections" : nullptr;
  }
  if (!acl.empty() && !acl.contains(address)) {
    return "refused_acl";
  }
  if (full) {
    return "refused_max_connections";
  }
  const auto open = per_address_.find(address);
  const bool many = settings_.limits && open != per_address_.end() &&
                    open->second >= settings_.max_connections_per_address;
  return many ? "refused_max_connections_per_address" : nullptr;
}

void Server::accepted(int fd, bool admin) {
  const std::string address = peer_address(fd);
  if (const char* limit = refusal(address, admin)) {
    clients_.count(limit);
    host_.debug(std::string(limit) + ": " + address);
    ::close(fd);
  } else if (settings_.tls && !admin) {
    terminate(fd, address);
  } else {
    adopt(fd, address, admin);
  }
}

// Until its handshake is done the connection counts for its address.
void Server::terminate(int fd, const std::string& address) {
  struct Handshake {
    std::shared_ptr<Gate> gate;
    std::string address;
  };
  auto handshake = std::make_unique<Handshake>(Handshake{gate_, address});
  const auto plain = [](void* argument, int plain_fd) {
    const std::unique_ptr<Handshake> done(static_cast<Handshake*>(argument));
    const std::scoped_lock lock(done->gate->mutex);
    if (Server* server = done->gate->server) {
      const auto kind = plain_fd < 0 ? Order::Kind::Refused : Order::Kind::Adopt;
      server->post({kind, 0, done->address, 0, plain_fd, true});
    } else if (plain_fd >= 0) {
      ::close(plain_fd);
    }
  };
  if (tls_->terminate(tls_->instance, fd, plain, handshake.get()) < 0) {
    clients_.count("refused_tls");
    ::close(fd);
    return;
  }
  static_cast<void>(handshake.release());
  ++handshakes_;
  count_address(address);
}

void Server::adopt(int fd, std::string address, bool admin, std::string ticket) {
  const lws* wsi = lws_adopt_socket_vhost(lws_get_vhost_by_name(context_, "default"), fd);
  if (wsi == nullptr) {
    host_.warn("libwebsockets refused a connection from " + address);
    return;
  }
  const bool counted = !settings_.trusted_proxies.contains(address);
  if (counted) {
    count_address(address);
  }
  tcp_[wsi] = {
      fd, std::move(address), admin, counted, std::chrono::steady_clock::now(), std::move(ticket)};
}

void Server::count_address(const std::string& address) { ++per_address_[address]; }

void Server::uncount_address(const std::string& address) {
  const auto count = per_address_.find(address);
  if (--count->second == 0) {
    per_address_.erase(count);
  }
}

void Server::forget(const lws* wsi) {
  const auto found = tcp_.find(wsi);
  if (found == tcp_.end()) {
    return;
  }
  if (found->second.counted) {
    uncount_address(found->second.address);
  }
  tcp_.erase(found);
}

// The upgrade request is there: the right subprotocol for the port, an origin that may come, and
// the client behind a proxy.
bool Server::welcome(lws* wsi) {
  Tcp& tcp = tcp_.at(wsi);
  if (!tcp.ticket.empty()) {
    return true;
  }
  const char* wanted = tcp.admin ? kAdminProtocol : kProtocol;
  if (std::strcmp(lws_get_protocol(wsi)->name, wanted) != 0) {
    clients_.count("refused_subprotocol");
    const std::string reason = std::string("subprotocol ") + wanted + " required";
    lws_return_http_status(wsi, HTTP_STATUS_BAD_REQUEST, reason.c_str());
    return false;
  }
  const auto origin = header(wsi, WSI_TOKEN_ORIGIN);
  const bool listed = origin && (origin->empty() || settings_.origins.empty() ||
                                 std::find(settings_.origins.begin(), settings_.origins.end(),
                                           *origin) != settings_.origins.end());
  const char* limit = listed ? nullptr : "refused_origin";
  if (listed && !tcp.counted) {
    const auto forwarded = header(wsi, WSI_TOKEN_X_FORWARDED_FOR);
    tcp.address =
        sdk::client_address(tcp.address, forwarded.value_or(""), settings_.trusted_proxies);
    limit = refusal(tcp.address, tcp.admin);
    tcp.counted = limit == nullptr && !settings_.trusted_proxies.contains(tcp.address);
    if (tcp.counted) {
      count_address(tcp.address);
    }
  }
  if (limit != nullptr) {
    clients_.count(limit);
    host_.debug(std::string(limit) + ": " + tcp.address);
    lws_return_http_status(wsi, HTTP_STATUS_FORBIDDEN, "not from here");
  }
  return limit == nullptr;
}

}  // namespace cardea::websocket
