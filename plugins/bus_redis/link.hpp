// One connection to Redis by hiredis, on the thread that polls it: signs in, and connects again
// after a loss, each time a little later.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <hiredis/async.h>
#include <poll.h>

#include "plugins/bus_redis/address.hpp"

namespace cardea::bus_redis {

/// All calls on one thread.
class Link {
 public:
  using Clock = std::chrono::steady_clock;
  /// Null: the connection was lost before the answer.
  using Reply = std::function<void(const redisReply*)>;

  struct Callbacks {
    std::function<void()> up;                      ///< it can be used
    std::function<void(const std::string&)> down;  ///< it cannot, or an attempt failed, and why
    /// A message on a channel.
    std::function<void(std::string_view channel, std::string_view message)> message = nullptr;
  };

  Link(Address address, Callbacks callbacks);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  [[nodiscard]] bool is_up() const { return state_ == State::Up; }
  /// False when it is not up: then `reply` is not called.
  bool send(const std::vector<std::string_view>& words, Reply reply);
  /// SUBSCRIBE or UNSUBSCRIBE; a link that hears channels sends nothing else. Ignored when not up.
  void listen(const char* command, std::string_view channel);

  /// What to poll for; its fd is -1 while there is nothing.
  [[nodiscard]] pollfd wanted() const;
  void handle(short events);
  /// Connects when it is time, and gives up what takes too long.
  void tick(Clock::time_point now);

 private:
  enum class State { Down, Connecting, Up };
  struct Waiting {
    Link& link;
    Reply reply;
  };

  void connect(Clock::time_point now);
  bool command(const std::vector<std::string_view>& words, Reply reply);
  void sign_in();
  void established();
  void lose(const std::string& reason);
  static void answered(redisAsyncContext* context, void* reply, void* waiting);
  static void pushed(redisAsyncContext* context, void* reply, void* link);
  static Link& of(void* data) { return *static_cast<Link*>(data); }

  const Address address_;
  const Callbacks callbacks_;
  redisAsyncContext* context_ = nullptr;
  State state_ = State::Down;
  bool reading_ = false;
  bool writing_ = false;
  std::string problem_;  ///< found inside a callback, where the context cannot be freed
  Clock::time_point next_try_{};
  Clock::time_point busy_since_{};  ///< of the connecting or of the oldest command
  std::size_t unanswered_ = 0;
  Clock::duration wait_{};
};

}  // namespace cardea::bus_redis
