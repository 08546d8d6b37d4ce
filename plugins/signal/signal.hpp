// The module of peer-to-peer signalling: relays messages between signed-in people's devices, keeps
// and logs none of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <cardea/feature.h>
#include <cardea/identity.h>
#include <cardea/sdk/bus.hpp>
#include <cardea/sdk/database.hpp>
#include <cardea/sdk/rest.hpp>
#include <cardea/sdk/server.hpp>
#include <cardea/sockets.h>

#include "plugins/signal/directory.hpp"

namespace cardea::signal {

struct Settings {
  std::size_t most_sockets = 10'000;
  double per_second = 50;
  std::size_t most_bytes = 65'536;
};

class Signal {
 public:
  static const cardea_module_info_t kInfo;

  Signal(const cardea_host_t& host, const Json& config);
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  const void* get_interface(std::string_view id) noexcept {
    return id == CARDEA_REST ? rest_.table() : nullptr;
  }
  [[nodiscard]] const sdk::RestTable<Signal>& rest() const { return rest_; }

  void open(sdk::RestCall call);

 private:
  struct SocketEvents;

  void message(cardea_socket_t socket, std::string_view text);
  void closed(cardea_socket_t socket);
  void sign_in(cardea_socket_t socket, std::string_view token);
  void welcome(cardea_socket_t socket, const std::string& node_id);
  void obey(Peer& peer, const Json& message);
  void relay(const Peer& sender, const Json& message);
  void ask_others(cardea_socket_t sender, const std::string& target, const std::string& text);
  void heard_from_bus(std::string_view message);
  void revoked(std::string_view message);
  void tick();

  void say(cardea_socket_t socket, const Json& message) const;
  void error(cardea_socket_t socket, const char* code, const char* text) const;
  void close(cardea_socket_t socket, int code, std::string_view reason) const;

  sdk::Host host_;
  sdk::Server server_;
  Settings settings_;
  const cardea_sockets_t* sockets_;
  const cardea_identity_t* identity_;
  const cardea_feature_host_t* timers_;
  sdk::Database database_;
  sdk::Bus bus_;
  std::string here_;  ///< this server's name on the bus
  Directory directory_;
  std::uint64_t timer_ = 0;
  std::uint64_t ticks_ = 0;
  sdk::RestTable<Signal> rest_;
};

}  // namespace cardea::signal
