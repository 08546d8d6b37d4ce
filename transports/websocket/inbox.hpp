// Orders from the control thread to the service thread: a bounded queue behind a lock.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <cardea/transport.h>

namespace cardea::websocket {

struct Order {
  enum class Kind : std::uint8_t { Send, Close, Drain, Stop };
  Kind kind = Kind::Send;
  cardea_client_t client = 0;
  std::string text;  ///< the message, or the reason of Close
  int code = 0;
};

class Inbox {
 public:
  /// [any] False when a Send would exceed the bound on waiting bytes; the others are always taken.
  bool post(Order order) {
    const std::scoped_lock lock(mutex_);
    if (order.kind == Order::Kind::Send && bytes_ + order.text.size() > kMostBytes) {
      return false;
    }
    bytes_ += order.text.size();
    orders_.push_back(std::move(order));
    return true;
  }

  /// [service]
  std::vector<Order> take_all() {
    const std::scoped_lock lock(mutex_);
    bytes_ = 0;
    return std::exchange(orders_, {});
  }

 private:
  // Only a service thread that hangs lets it grow: each connection has its own smaller bound.
  static constexpr std::size_t kMostBytes = 64U << 20;

  std::mutex mutex_;
  std::vector<Order> orders_;
  std::size_t bytes_ = 0;
};

}  // namespace cardea::websocket
