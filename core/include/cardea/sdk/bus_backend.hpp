// Writing a bus module: the subscriptions of this node, and the way of answers back to their
// callers. The backend brings what happens between.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <cardea/bus.h>
#include <cardea/executor.h>
#include <cardea/sdk/module.hpp>
#include <cardea/sdk/server.hpp>

namespace cardea::sdk {

inline constexpr bool bus_key_fits(std::string_view key) {
  return !key.empty() && key.size() <= CARDEA_BUS_MAX_KEY;
}
inline constexpr bool bus_value_fits(std::string_view value) {
  return value.size() <= CARDEA_BUS_MAX_VALUE;
}

/// Who waits for an answer.
struct BusCaller {
  cardea_bus_done_t done = nullptr;
  void* argument = nullptr;
};

/// [control] Who hears which channel.
class BusSubscriptions {
 public:
  static constexpr std::size_t kMost = 100'000;

  /// @returns 0 when there are too many.
  std::uint64_t add(std::string_view channel, cardea_bus_message_t message, void* argument) {
    if (all_.size() >= kMost) {
      return 0;
    }
    const std::uint64_t id = ++last_;
    all_.emplace(id, Subscription{std::string(channel), message, argument});
    channels_[std::string(channel)].insert(id);
    return id;
  }
  /// @returns the channel when nobody hears it any more.
  std::optional<std::string> remove(std::uint64_t id) {
    const auto found = all_.find(id);
    if (found == all_.end()) {
      return std::nullopt;
    }
    std::string channel = std::move(found->second.channel);
    all_.erase(found);
    const auto listeners = channels_.find(channel);
    listeners->second.erase(id);
    if (!listeners->second.empty()) {
      return std::nullopt;
    }
    channels_.erase(listeners);
    return channel;
  }
  [[nodiscard]] bool hears(const std::string& channel) const { return channels_.contains(channel); }
  /// A listener may unsubscribe itself and others meanwhile.
  void tell(const std::string& channel, std::string_view message) const {
    const auto listeners = channels_.find(channel);
    if (listeners == channels_.end()) {
      return;
    }
    const std::set<std::uint64_t> now = listeners->second;
    for (const std::uint64_t id : now) {
      if (const auto found = all_.find(id); found != all_.end()) {
        const Subscription heard = found->second;
        heard.message(heard.argument, to_str(channel), to_str(message));
      }
    }
  }

 private:
  struct Subscription {
    std::string channel;
    cardea_bus_message_t message;
    void* argument;
  };

  std::uint64_t last_ = 0;
  std::map<std::uint64_t, Subscription> all_;
  std::map<std::string, std::set<std::uint64_t>> channels_;
};

/// Answers and messages on their way to the control thread.
class BusInbox {
 public:
  struct Answer {
    BusCaller caller;
    cardea_bus_status_t status = CARDEA_BUS_OK;
    std::string value = {};
    std::int64_t number = 0;
    std::int64_t ttl_ms = -1;
  };
  struct Message {
    std::string channel;
    std::string text;
  };
  static constexpr std::size_t kMostMessages = 10'000;

  BusInbox(const Host& host, const BusSubscriptions& subscriptions)
      : host_(host),
        server_(host),
        executor_(host.get_interface<cardea_executor_t>(CARDEA_EXECUTOR)),
        subscriptions_(subscriptions) {}
  BusInbox(const BusInbox&) = delete;
  BusInbox& operator=(const BusInbox&) = delete;

  /// [any] The backend bounds the calls under way, so that answers need no bound.
  void answer(Answer answer) {
    const std::scoped_lock lock(mutex_);
    answers_.push_back(std::move(answer));
    wake();
  }
  /// [any] Dropped and counted when too many wait.
  void message(Message message) {
    const std::scoped_lock lock(mutex_);
    if (messages_.size() >= kMostMessages) {
      server_.limit_hit("messages");
      return;
    }
    messages_.push_back(std::move(message));
    wake();
  }
  /// [any] Answers that nobody took yet.
  [[nodiscard]] std::size_t waiting() {
    const std::scoped_lock lock(mutex_);
    return answers_.size();
  }
  /// [any] Tries again to be heard when the host had no room; backends call it now and then.
  /// @returns false while it has none.
  bool retry() {
    const std::scoped_lock lock(mutex_);
    return wake();
  }

 private:
  bool wake() {
    if (!woken_ && (!answers_.empty() || !messages_.empty())) {
      woken_ = executor_->post(host_.context(), &deliver, this) == 0;
      return woken_;
    }
    return true;
  }

  // [control]
  static void deliver(void* argument) {
    auto& self = *static_cast<BusInbox*>(argument);
    std::deque<Answer> answers;
    std::deque<Message> messages;
    {
      const std::scoped_lock lock(self.mutex_);
      self.woken_ = false;
      answers.swap(self.answers_);
      messages.swap(self.messages_);
    }
    for (const Message& message : messages) {
      self.subscriptions_.tell(message.channel, message.text);
    }
    for (const Answer& answer : answers) {
      if (answer.caller.done != nullptr) {
        const cardea_bus_answer_t told{sizeof told, answer.status, to_str(answer.value),
                                       answer.number, answer.ttl_ms};
        answer.caller.done(answer.caller.argument, &told);
      }
    }
  }

  Host host_;
  Server server_;
  const cardea_executor_t* executor_;
  const BusSubscriptions& subscriptions_;
  std::mutex mutex_;
  std::deque<Answer> answers_;
  std::deque<Message> messages_;
  bool woken_ = false;  ///< deliver() is on its way
};

/// A call as the backend gets it. Texts are borrowed.
struct BusOrder {
  enum class Kind { Publish, Set, SetIfAbsent, Get, Remove, Add };
  Kind kind = Kind::Get;
  std::string_view key = {};  ///< or the channel
  std::string_view value = {};
  std::int64_t amount = 0;
  std::int64_t ttl_ms = 0;
};

/// The table for other modules of class T, which has
///   bool order(const BusOrder&, BusCaller)       false: too much waits
///   std::uint64_t subscribe(channel, message, argument); void unsubscribe(id); bool ready()
///   const Host& host()
template <typename T>
struct BusTable {
  static int order(void* instance, const BusOrder& order, cardea_bus_done_t done, void* argument) {
    auto& self = *static_cast<T*>(instance);
    return guarded(self.host(), "order", -1, [&] {
      return self.order(order, BusCaller{done, argument}) ? 0 : -1;
    });
  }

  static cardea_bus_t make(T* instance) {
    using Kind = BusOrder::Kind;
    return {
        sizeof(cardea_bus_t),
        instance,
        [](void* self, cardea_str_t channel, cardea_str_t message, cardea_bus_done_t done,
           void* argument) {
          return order(self, {Kind::Publish, to_view(channel), to_view(message)}, done, argument);
        },
        [](void* self, cardea_str_t channel, cardea_bus_message_t message, void* argument) {
          return guarded<std::uint64_t>(static_cast<T*>(self)->host(), "subscribe", 0, [&] {
            return static_cast<T*>(self)->subscribe(to_view(channel), message, argument);
          });
        },
        [](void* self, std::uint64_t id) {
          guarded(static_cast<T*>(self)->host(), "unsubscribe",
                  [&] { static_cast<T*>(self)->unsubscribe(id); });
        },
        [](void* self, cardea_str_t key, cardea_str_t value, std::int64_t ttl_ms,
           cardea_bus_done_t done, void* argument) {
          return order(self, {Kind::Set, to_view(key), to_view(value), 0, ttl_ms}, done, argument);
        },
        [](void* self, cardea_str_t key, cardea_str_t value, std::int64_t ttl_ms,
           cardea_bus_done_t done, void* argument) {
          return order(self, {Kind::SetIfAbsent, to_view(key), to_view(value), 0, ttl_ms}, done,
                       argument);
        },
        [](void* self, cardea_str_t key, cardea_bus_done_t done, void* argument) {
          return order(self, {Kind::Get, to_view(key)}, done, argument);
        },
        [](void* self, cardea_str_t key, cardea_bus_done_t done, void* argument) {
          return order(self, {Kind::Remove, to_view(key)}, done, argument);
        },
        [](void* self, cardea_str_t key, std::int64_t amount, std::int64_t ttl_ms,
           cardea_bus_done_t done, void* argument) {
          return order(self, {Kind::Add, to_view(key), {}, amount, ttl_ms}, done, argument);
        },
        [](void* self) { return static_cast<T*>(self)->ready() ? 1 : 0; },
    };
  }
};

}  // namespace cardea::sdk
