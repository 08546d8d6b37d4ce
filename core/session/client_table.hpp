// The connections that are open, what is known of each, and the sessions that belong to it.
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>

#include "core/session/client_port.hpp"
#include "core/session/token_bucket.hpp"

namespace cardea::session {

struct Client {
  ClientInfo info;
  TokenBucket rate;
  std::set<std::uint64_t> sessions = {};  ///< owned; always empty for one that does not push
  std::uint64_t parked_session = 0;       ///< whose events it polls; 0 none
};

class ClientTable {
 public:
  /// @returns null when the table holds `limit` clients already.
  Client* open(ClientId id, const ClientInfo& info, const TokenBucket& rate, std::size_t limit) {
    if (clients_.size() >= limit && !clients_.contains(id)) {
      return nullptr;
    }
    return &clients_.insert_or_assign(id, Client{info, rate}).first->second;
  }
  /// Null when unknown. Valid until that client is closed.
  Client* find(ClientId id) {
    const auto found = clients_.find(id);
    return found == clients_.end() ? nullptr : &found->second;
  }
  void close(ClientId id) { clients_.erase(id); }
  [[nodiscard]] const auto& all() const { return clients_; }

 private:
  std::unordered_map<ClientId, Client, ClientIdHash> clients_;
};

}  // namespace cardea::session
