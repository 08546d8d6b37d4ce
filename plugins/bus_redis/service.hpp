// The thread that talks to Redis: one link for commands, one that hears channels.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <cardea/sdk/bus_backend.hpp>

#include "plugins/bus_redis/address.hpp"
#include "plugins/bus_redis/link.hpp"

namespace cardea::bus_redis {

struct Settings {
  Address address;
  std::string prefix;         ///< of all keys and channels
  std::size_t max_waiting{};  ///< calls without an answer
};

class Service {
 public:
  /// [control] All but the thread's own.
  Service(const sdk::Host& host, Settings settings, sdk::BusInbox& inbox);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// False when too many wait.
  bool order(const sdk::BusOrder& order, sdk::BusCaller caller);
  void listen(std::string_view channel, bool begin);
  [[nodiscard]] bool ready() const { return commands_ready_ && messages_ready_; }

 private:
  struct Order {
    sdk::BusOrder::Kind kind = sdk::BusOrder::Kind::Get;
    std::string key, value;
    std::int64_t amount = 0;
    std::int64_t ttl_ms = 0;
    sdk::BusCaller caller{};
    bool listen = false;  ///< a channel in place of all of the above but `key`
    bool begin = false;
  };

  void post(Order order);
  // The thread's own from here on.
  void run();
  void wait();
  void take_orders();
  void perform(const Order& order);
  void change_listening(const Order& order);
  [[nodiscard]] sdk::BusInbox::Answer answer_to(const Order& order, const redisReply* reply) const;
  Link::Callbacks callbacks(std::atomic<bool>& ready, const char* what);

  sdk::Host host_;
  const Settings settings_;
  sdk::BusInbox& inbox_;
  std::atomic<bool> commands_ready_ = false;
  std::atomic<bool> messages_ready_ = false;
  std::atomic<std::size_t> open_ = 0;  ///< calls without an answer
  std::atomic<bool> stopping_ = false;
  int wake_;
  std::mutex mutex_;
  std::deque<Order> orders_;
  std::set<std::string> channels_;  ///< with the prefix
  std::set<std::string> failing_;   ///< links whose trouble is in the log
  Link commands_;
  Link messages_;
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace cardea::bus_redis
