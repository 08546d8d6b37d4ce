// The bus as a module uses it: calls whose answers come back as functions.
#pragma once

#include <cstdint>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <cardea/bus.h>
#include <cardea/sdk/module.hpp>

namespace cardea::sdk {

struct BusAnswer {
  cardea_bus_status_t status = CARDEA_BUS_OK;
  std::string value;
  std::int64_t number = 0;
  std::int64_t ttl_ms = -1;

  explicit operator bool() const { return status == CARDEA_BUS_OK; }
};

/// [control] The bus of the server. Lives until the module's end. A call returns false when too
/// much waits; then its `done` is not called. Answers come later, never within the call.
class Bus {
 public:
  using Done = std::function<void(const BusAnswer&)>;
  using Message = std::function<void(std::string_view message)>;

  /// For a module that has CARDEA_BUS_MODULE in its `requires`.
  explicit Bus(const Host& host)
      : host_(host), table_(host.get_interface<cardea_bus_t>(CARDEA_BUS)) {}
  ~Bus() {
    while (!subscriptions_.empty()) {
      unsubscribe(subscriptions_.begin()->first);
    }
  }
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  /// False where the server has no bus.
  explicit operator bool() const { return table_ != nullptr; }
  [[nodiscard]] bool ready() const { return table_->ready(table_->instance) != 0; }

  bool publish(std::string_view channel, std::string_view message, Done done = nullptr) {
    return call(std::move(done), [&](Call* call) {
      return table_->publish(table_->instance, to_str(channel), to_str(message), &finish, call);
    });
  }
  /// @returns 0 when it was refused.
  std::uint64_t subscribe(std::string_view channel, Message message) {
    auto heard = std::make_unique<Subscription>(host_, std::move(message));
    const std::uint64_t id =
        table_->subscribe(table_->instance, to_str(channel), &hear, heard.get());
    if (id != 0) {
      subscriptions_.emplace(id, std::move(heard));
    }
    return id;
  }
  void unsubscribe(std::uint64_t subscription) {
    if (subscriptions_.contains(subscription)) {
      table_->unsubscribe(table_->instance, subscription);
      subscriptions_.erase(subscription);
    }
  }

  /// @param ttl_ms 0: no end.
  bool set(std::string_view key, std::string_view value, std::int64_t ttl_ms, Done done = nullptr) {
    return call(std::move(done), [&](Call* call) {
      return table_->set(table_->instance, to_str(key), to_str(value), ttl_ms, &finish, call);
    });
  }
  /// ABSENT: there was one, and it stays.
  bool set_if_absent(std::string_view key, std::string_view value, std::int64_t ttl_ms, Done done) {
    return call(std::move(done), [&](Call* call) {
      return table_->set_if_absent(table_->instance, to_str(key), to_str(value), ttl_ms, &finish,
                                   call);
    });
  }
  bool get(std::string_view key, Done done) {
    return call(std::move(done), [&](Call* call) {
      return table_->get(table_->instance, to_str(key), &finish, call);
    });
  }
  bool remove(std::string_view key, Done done = nullptr) {
    return call(std::move(done), [&](Call* call) {
      return table_->remove(table_->instance, to_str(key), &finish, call);
    });
  }
  /// @param ttl_ms of a counter that is new.
  bool add(std::string_view key, std::int64_t amount, std::int64_t ttl_ms, Done done) {
    return call(std::move(done), [&](Call* call) {
      return table_->add(table_->instance, to_str(key), amount, ttl_ms, &finish, call);
    });
  }

 private:
  struct Call {
    Call(Bus& the_owner, Done the_done) : owner(the_owner), done(std::move(the_done)) {}
    Bus& owner;
    Done done;
    std::list<Call>::iterator place{};
  };
  struct Subscription {
    Subscription(const Host& the_host, Message the_message)
        : host(the_host), message(std::move(the_message)) {}
    Host host;
    Message message;
  };

  template <typename Order>
  bool call(Done done, Order order) {
    Call& made = calls_.emplace_back(*this, std::move(done));
    made.place = std::prev(calls_.end());
    if (order(&made) == 0) {
      return true;
    }
    calls_.erase(made.place);
    return false;
  }

  static void finish(void* argument, const cardea_bus_answer_t* answer) {
    Call& call = *static_cast<Call*>(argument);
    const Host& host = call.owner.host_;
    const Done done = std::move(call.done);
    call.owner.calls_.erase(call.place);
    if (done) {
      guarded(host, "answer of the bus", [&] {
        done({answer->status, std::string(to_view(answer->value)), answer->number, answer->ttl_ms});
      });
    }
  }
  static void hear(void* argument, cardea_str_t /*channel*/, cardea_str_t message) {
    const auto& subscription = *static_cast<Subscription*>(argument);
    guarded(subscription.host, "message of the bus",
            [&] { subscription.message(to_view(message)); });
  }

  Host host_;
  const cardea_bus_t* table_;
  std::list<Call> calls_;  ///< so that none is lost at the host's end
  std::map<std::uint64_t, std::unique_ptr<Subscription>> subscriptions_;
};

}  // namespace cardea::sdk
