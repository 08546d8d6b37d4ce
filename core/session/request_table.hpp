// Messages under way: whose they are, and the transaction that answers repeat.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include <cardea/sdk/json.hpp>

#include "core/session/handle.hpp"

namespace cardea::session {

struct PendingRequest {
  HandleId handle = 0;
  std::string transaction;
  Json reply;  ///< absent until the feature replies
};

class RequestTable {
 public:
  /// A handle whose feature never answers keeps this many; then the oldest loses its transaction.
  static constexpr std::size_t kMaxPerHandle = 64;

  /// Ids are never used twice.
  cardea_request_id_t next_id() { return ++last_id_; }

  void add(cardea_request_id_t id, Handle& handle, std::string transaction) {
    requests_.emplace(id, PendingRequest{handle.id, std::move(transaction), {}});
    handle.requests.push_back(id);
    if (handle.requests.size() > kMaxPerHandle) {
      requests_.erase(handle.requests.front());
      handle.requests.pop_front();
    }
  }
  /// Null when unknown. Valid until the next add() or remove().
  PendingRequest* find(cardea_request_id_t id) {
    const auto found = requests_.find(id);
    return found == requests_.end() ? nullptr : &found->second;
  }
  void remove(cardea_request_id_t id, Handle& handle) {
    requests_.erase(id);
    std::erase(handle.requests, id);
  }
  void remove_all(Handle& handle) {
    for (const cardea_request_id_t id : handle.requests) {
      requests_.erase(id);
    }
    handle.requests.clear();
  }

 private:
  std::unordered_map<cardea_request_id_t, PendingRequest> requests_;
  cardea_request_id_t last_id_ = 0;
};

}  // namespace cardea::session
