// WebSocket upgrades for paths of modules: the host is asked first, so that a refusal is an HTTP
// answer; then the connection, still unread, goes to the WebSocket transport.
#pragma once

#include <cstddef>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include <cardea/sdk/transport.hpp>
#include <cardea/websocket.h>

#include "transports/http/config.hpp"
#include "transports/http/front.hpp"
#include "transports/http/house_headers.hpp"

namespace cardea::http {

class Upgrades {
 public:
  /// @param websocket null: there are no upgrades. All outlive it.
  Upgrades(const sdk::TransportHost& clients, const cardea_websocket_upgrade_t* websocket,
           const Settings& settings);
  ~Upgrades();
  Upgrades(const Upgrades&) = delete;
  Upgrades& operator=(const Upgrades&) = delete;

  /// [front] @param head of the request, whole and unread. @returns false when it is no path of a
  /// module's: the connection is still the caller's.
  bool ask(const Arrival& arrival, std::string_view head);

  /// [any] What the host answered. False: the client is none of those here.
  bool answer(cardea_client_t client, const Answer& answer);

  /// [any] Refuses those that waited too long.
  void expire(Time now);

 private:
  struct Waiting {
    int fd = -1;
    std::string address;  ///< of the client, looking through trusted proxies
    bool secure = false;
    Time until{};
  };

  void refuse(const Waiting& waiting, const Answer& answer) const;

  const sdk::TransportHost& clients_;
  const cardea_websocket_upgrade_t* websocket_;
  const Settings& settings_;
  HouseHeaders house_;
  std::mutex mutex_;
  std::unordered_map<cardea_client_t, Waiting> waiting_;
  cardea_client_t last_;
};

}  // namespace cardea::http
