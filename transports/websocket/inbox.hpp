// Orders from the control thread to the service thread: a queue behind a lock, bounded for each
// client.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <cardea/transport.h>

namespace cardea::websocket {

struct Order {
  enum class Kind : std::uint8_t {
    Send,
    Overflow,  ///< more was sent to the client at once than its queue may hold
    Close,
    Adopt,    ///< a connection that came by another port, or out of TLS
    Refused,  ///< a connection whose TLS handshake failed
    Drain,
    Stop
  };
  Kind kind = Kind::Send;
  cardea_client_t client = 0;
  std::string text;  ///< the message, the reason of Close, or an address
  int code = 0;
  int fd = -1;              ///< of Adopt; `text` is then the client's address
  bool ours = false;        ///< Adopt: it came by our own port
  std::string ticket = {};  ///< Adopt: of a module's socket
};

class Inbox {
 public:
  /// @param most_bytes, most_messages of one client, between two calls of take_all().
  Inbox(std::size_t most_bytes, std::size_t most_messages)
      : most_bytes_(most_bytes), most_messages_(most_messages) {}

  /// [any] Beyond the bounds one Overflow stands for all further texts.
  void send(cardea_client_t client, std::string_view text) {
    const std::scoped_lock lock(mutex_);
    Load& load = loads_[client];
    if (load.overflowed) {
      return;
    }
    load.bytes += text.size();
    ++load.messages;
    // One text alone may be larger, as in Connection::queue().
    load.overflowed =
        (load.messages > 1 && load.bytes > most_bytes_) || load.messages > most_messages_;
    orders_.push_back(load.overflowed ? Order{Order::Kind::Overflow, client, {}}
                                      : Order{Order::Kind::Send, client, std::string(text)});
  }

  /// [any]
  void post(Order order) {
    const std::scoped_lock lock(mutex_);
    orders_.push_back(std::move(order));
  }

  /// [service]
  std::vector<Order> take_all() {
    const std::scoped_lock lock(mutex_);
    loads_.clear();
    return std::exchange(orders_, {});
  }

 private:
  struct Load {
    std::size_t bytes = 0;
    std::size_t messages = 0;
    bool overflowed = false;
  };

  std::size_t most_bytes_;
  std::size_t most_messages_;
  std::mutex mutex_;
  std::vector<Order> orders_;
  std::unordered_map<cardea_client_t, Load> loads_;
};

}  // namespace cardea::websocket
