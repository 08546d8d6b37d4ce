// Who can be signalled on this server: a socket for each node id, and how fast each may talk.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sockets.h>

namespace cardea::signal {

using Time = std::chrono::steady_clock::time_point;

/// Messages of one socket: a rate with a burst.
class Allowance {
 public:
  Allowance(double per_second, Time now)
      : per_second_(per_second), left_(2 * per_second), filled_(now) {}
  bool take(Time now) {
    const double seconds = std::chrono::duration<double>(now - filled_).count();
    left_ = std::min(2 * per_second_, left_ + seconds * per_second_);
    filled_ = now;
    if (left_ < 1) {
      return false;
    }
    left_ -= 1;
    return true;
  }

 private:
  double per_second_;
  double left_;
  Time filled_;
};

struct Peer {
  cardea_socket_t socket = 0;
  std::string node_id;  ///< empty until it is known who it is
  std::string user;
  std::string login;
  std::string token = {};  ///< of the query, until it is judged
  Time since{};
  Allowance allowance;
};

class Directory {
 public:
  Peer& add(cardea_socket_t socket, double per_second, Time now) {
    return peers_.try_emplace(socket, Peer{socket, {}, {}, {}, {}, now, {per_second, now}})
        .first->second;
  }
  Peer* find(cardea_socket_t socket) {
    const auto found = peers_.find(socket);
    return found == peers_.end() ? nullptr : &found->second;
  }
  Peer* find(std::string_view node_id) {
    const auto found = by_node_.find(node_id);
    return found == by_node_.end() ? nullptr : find(found->second);
  }
  /// The socket that the node is reached by from now on.
  void name(Peer& peer, std::string node_id) {
    by_node_[node_id] = peer.socket;
    peer.node_id = std::move(node_id);
  }
  /// @returns the node id when this was the way to reach it: a socket that was replaced is not.
  std::string remove(cardea_socket_t socket) {
    const auto found = peers_.find(socket);
    if (found == peers_.end()) {
      return {};
    }
    std::string node_id = std::move(found->second.node_id);
    peers_.erase(found);
    const auto way = by_node_.find(node_id);
    if (way == by_node_.end() || way->second != socket) {
      return {};
    }
    by_node_.erase(way);
    return node_id;
  }
  [[nodiscard]] std::size_t size() const { return peers_.size(); }
  /// Copies: peers may go while one looks at them.
  [[nodiscard]] std::vector<Peer> all() const {
    std::vector<Peer> out;
    out.reserve(peers_.size());
    for (const auto& [socket, peer] : peers_) {
      out.push_back(peer);
    }
    return out;
  }

 private:
  std::map<cardea_socket_t, Peer> peers_;
  std::map<std::string, cardea_socket_t, std::less<>> by_node_;
};

}  // namespace cardea::signal
