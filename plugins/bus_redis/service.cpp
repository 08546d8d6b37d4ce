#include "plugins/bus_redis/service.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace cardea::bus_redis {

namespace {

using Kind = sdk::BusOrder::Kind;

constexpr int kIdleMs = 1000;
constexpr int kBusyMs = 20;

// Atomic by being scripts: the value with what is left of its time, ...
constexpr std::string_view kGet =
    "return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}";
// ... and a counter that gets its end when it is new.
constexpr std::string_view kAdd =
    "local new = redis.call('EXISTS', KEYS[1]) == 0 "
    "local n = redis.call('INCRBY', KEYS[1], ARGV[1]) "
    "if new and tonumber(ARGV[2]) > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end "
    "return {n, redis.call('PTTL', KEYS[1])}";

std::int64_t ttl_of(const redisReply& reply) {
  const auto left = reply.elements == 2 ? reply.element[1]->integer : -1;
  return left < 0 ? -1 : left;
}

}  // namespace

Service::Service(const sdk::Host& host, Settings settings, sdk::BusInbox& inbox)
    : host_(host),
      settings_(std::move(settings)),
      inbox_(inbox),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      commands_(settings_.address, callbacks(commands_ready_, "commands")),
      messages_(settings_.address, callbacks(messages_ready_, "messages")) {
  thread_ = std::thread([this] { run(); });
}

Service::~Service() {
  stopping_ = true;
  post({});
  thread_.join();
  close(wake_);
}

bool Service::order(const sdk::BusOrder& order, sdk::BusCaller caller) {
  if (open_ >= settings_.max_waiting) {
    return false;
  }
  ++open_;
  post({order.kind, settings_.prefix + std::string(order.key), std::string(order.value),
        order.amount, order.ttl_ms, caller});
  return true;
}

void Service::listen(std::string_view channel, bool begin) {
  Order order;
  order.listen = true;
  order.begin = begin;
  order.key = settings_.prefix + std::string(channel);
  post(std::move(order));
}

void Service::post(Order order) {
  {
    const std::scoped_lock lock(mutex_);
    orders_.push_back(std::move(order));
  }
  const std::uint64_t one = 1;
  // Can only fail by overflow, and then the thread is awake anyway.
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

void Service::run() {
  while (!stopping_) {
    sdk::guarded(host_, "redis", [&] {
      const auto now = Link::Clock::now();
      commands_.tick(now);
      messages_.tick(now);
      take_orders();
      wait();
    });
  }
}

void Service::wait() {
  const bool idle = commands_.is_up() && messages_.is_up() && open_ == 0 && inbox_.retry();
  std::array<pollfd, 3> ready{{{wake_, POLLIN, 0}, commands_.wanted(), messages_.wanted()}};
  if (poll(ready.data(), ready.size(), idle ? kIdleMs : kBusyMs) <= 0) {
    return;
  }
  if (ready[0].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(wake_, &count, sizeof count);
  }
  commands_.handle(ready[1].revents);
  messages_.handle(ready[2].revents);
}

void Service::take_orders() {
  std::deque<Order> orders;
  {
    const std::scoped_lock lock(mutex_);
    orders.swap(orders_);
  }
  for (const Order& order : orders) {
    if (order.listen) {
      change_listening(order);
    } else if (!stopping_) {
      perform(order);
    }
  }
}

void Service::change_listening(const Order& order) {
  if (order.begin ? channels_.insert(order.key).second : channels_.erase(order.key) != 0) {
    messages_.listen(order.begin ? "SUBSCRIBE" : "UNSUBSCRIBE", order.key);
  }
}

void Service::perform(const Order& order) {
  const std::string ttl = std::to_string(order.ttl_ms);
  const std::string amount = std::to_string(order.amount);
  std::vector<std::string_view> words;
  switch (order.kind) {
    case Kind::Publish:
      words = {"PUBLISH", order.key, order.value};
      break;
    case Kind::Set:
    case Kind::SetIfAbsent:
      words = {"SET", order.key, order.value};
      if (order.ttl_ms > 0) {
        words.insert(words.end(), {"PX", ttl});
      }
      if (order.kind == Kind::SetIfAbsent) {
        words.emplace_back("NX");
      }
      break;
    case Kind::Get:
      words = {"EVAL", kGet, "1", order.key};
      break;
    case Kind::Remove:
      words = {"DEL", order.key};
      break;
    case Kind::Add:
      words = {"EVAL", kAdd, "1", order.key, amount, ttl};
      break;
  }
  const auto finish = [this, order](const redisReply* reply) {
    inbox_.answer(answer_to(order, reply));
    --open_;
  };
  if (!commands_.send(words, finish)) {
    finish(nullptr);
  }
}

sdk::BusInbox::Answer Service::answer_to(const Order& order, const redisReply* reply) const {
  sdk::BusInbox::Answer answer{order.caller};
  if (reply == nullptr) {
    answer.status = CARDEA_BUS_UNAVAILABLE;
    return answer;
  }
  if (reply->type == REDIS_REPLY_ERROR) {
    // Adding to what is no number is the caller's mistake; everything else is Redis's trouble.
    const std::string_view text(reply->str, reply->len);
    const bool refused = order.kind == Kind::Add && (text.find("not an integer") != text.npos ||
                                                     text.find("overflow") != text.npos);
    answer.status = refused ? CARDEA_BUS_REFUSED : CARDEA_BUS_UNAVAILABLE;
    if (!refused) {
      host_.warn("redis answers: " + std::string(text));
    }
    return answer;
  }
  if (order.kind == Kind::Get && reply->elements == 2) {
    const redisReply& value = *reply->element[0];
    answer.status = value.type == REDIS_REPLY_NIL ? CARDEA_BUS_ABSENT : CARDEA_BUS_OK;
    answer.value = value.str == nullptr ? "" : std::string(value.str, value.len);
    answer.ttl_ms = ttl_of(*reply);
  } else if (order.kind == Kind::Add && reply->elements == 2) {
    answer.number = reply->element[0]->integer;
    answer.ttl_ms = ttl_of(*reply);
  } else if (order.kind == Kind::SetIfAbsent) {
    answer.status = reply->type == REDIS_REPLY_NIL ? CARDEA_BUS_ABSENT : CARDEA_BUS_OK;
  } else if (order.kind == Kind::Remove) {
    answer.status = reply->integer == 0 ? CARDEA_BUS_ABSENT : CARDEA_BUS_OK;
  }
  return answer;
}

Link::Callbacks Service::callbacks(std::atomic<bool>& ready, const char* what) {
  Link::Callbacks out;
  out.up = [this, &ready, what] {
    ready = true;
    if (failing_.erase(what) != 0) {
      host_.info(std::string("redis can be reached again, for ") + what);
    }
    if (&ready == &messages_ready_) {
      for (const std::string& channel : channels_) {
        messages_.listen("SUBSCRIBE", channel);
      }
    }
  };
  out.down = [this, &ready, what](const std::string& why) {
    ready = false;
    if (failing_.insert(what).second) {
      host_.warn(std::string("redis cannot be reached, for ") + what + ": " + why);
    }
  };
  out.message = [this](std::string_view channel, std::string_view message) {
    channel.remove_prefix(std::min(channel.size(), settings_.prefix.size()));
    inbox_.message({std::string(channel), std::string(message)});
  };
  return out;
}

}  // namespace cardea::bus_redis
