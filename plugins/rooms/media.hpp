// The videorooms behind our rooms, by the requests that every client of the Janus API has.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include <cardea/client.h>
#include <cardea/sdk/client.hpp>

#include "plugins/rooms/room.hpp"

namespace cardea::rooms {

/// [control]
class Media {
 public:
  /// Empty: it was done; else why not.
  using Done = std::function<void(const std::string& problem)>;

  /// @param admin_key of the videoroom plugin; empty: it has none.
  Media(const sdk::Host& host, std::string admin_key);

  /// Makes the videoroom when this node has none yet.
  void ensure(const Room& room, Done done);
  void change(const Room& room);
  void destroy(std::uint64_t janus_room);
  void kick(std::uint64_t janus_room, std::uint64_t participant);
  void mute(std::uint64_t janus_room, std::uint64_t participant, const std::string& mid,
            bool muted);
  [[nodiscard]] bool has(std::uint64_t janus_room) const { return secrets_.contains(janus_room); }

 private:
  void take(const Json& message);
  void answered(const std::string& transaction, const Json& message);
  void request(Json body, Done done = nullptr);
  void send(Json message, const std::string& transaction);

  sdk::Host host_;
  std::string admin_key_;
  sdk::InnerClient client_;
  std::uint64_t session_ = 0;
  std::uint64_t handle_ = 0;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, std::string> secrets_;  ///< of the videorooms that we made
  std::map<std::string, Done> waiting_;           ///< by transaction
  std::deque<std::pair<Json, Done>> unsent_;      ///< before there is a handle
};

}  // namespace cardea::rooms
