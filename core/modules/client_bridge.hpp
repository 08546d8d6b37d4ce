// The host's side of <cardea/client.h>: modules as Janus clients of the server that they run in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <cardea/client.h>

#include "core/base/mailbox.hpp"
#include "core/metrics/metrics.hpp"
#include "core/session/api.hpp"
#include "core/session/client_port.hpp"

namespace cardea::modules {

/// [control] All calls. What modules send and what they are sent waits in one queue for
/// dispatch(): so neither does a message run inside the call of another feature, nor is a module
/// called inside the session layer's turn.
class InnerClients final : public session::ClientPort {
 public:
  using Text = std::function<void(std::string_view json)>;

  /// In ClientId::transport: no transport has this number.
  static constexpr std::uint32_t kTransport = 0xffff'ffff;
  static constexpr std::size_t kMaxClients = 4096;
  static constexpr std::size_t kMaxWaiting = 16'384;  ///< messages that modules sent

  explicit InnerClients(metrics::Registry& metrics);

  /// @param owner whose clients these are, for forget(). @returns 0 when there are too many.
  cardea_inner_client_t open(session::Api& api, const void* owner, Text text);
  /// False for an unknown client, and when too much waits.
  bool send(cardea_inner_client_t client, std::string_view json);
  /// No text comes after; its sessions end in the next dispatch().
  void close(cardea_inner_client_t client);
  /// Closes all clients of an owner that ends.
  void forget(const void* owner);

  /// Readable when dispatch() has something to do.
  [[nodiscard]] int fd() const { return queue_.fd(); }
  void dispatch(session::Api& api);

  // session::ClientPort, for clients of kTransport
  void send(session::ClientId client, std::string_view text) override;
  void close(session::ClientId client, int code, std::string_view reason) override;

 private:
  enum class What : std::uint8_t { Message, Text, Closed };
  struct Item {
    cardea_inner_client_t client;
    What what;
    std::string text;
  };
  struct Client {
    const void* owner;
    Text text;
  };

  metrics::Counter refused_;
  metrics::Counter full_;
  std::unordered_map<cardea_inner_client_t, Client> clients_;
  cardea_inner_client_t next_ = 1;
  Mailbox<Item> queue_;
};

/// What modules call.
const cardea_client_host_t& client_host_table();

}  // namespace cardea::modules
