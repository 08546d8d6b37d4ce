#include "plugins/auth/login_delay.hpp"

#include <algorithm>
#include <utility>

#include "plugins/auth/crypto.hpp"

namespace cardea::auth {

namespace {

constexpr std::int64_t kHour = 3'600'000;   // ms
constexpr std::int64_t kFree = 4;           // wrong attempts without a wait
constexpr std::int64_t kLongestShift = 10;  // 1024 s
constexpr std::int64_t kSecond = 1000;      // ms

// What somebody typed may be long, and is nobody's business.
std::string key(const char* what, const LoginDelay::Who& who, bool with_address) {
  const std::string whom = with_address ? who.account + "\n" + who.address : who.account;
  return std::string("auth.") + what + ":" + sha256_hex(whom).substr(0, 32);
}

std::int64_t seconds(std::int64_t ms) { return std::max<std::int64_t>(1, (ms + 999) / kSecond); }

}  // namespace

// Without an answer of the bus an attempt goes on: the limit of its address holds, and nobody is
// kept out because a part of the server is down.
void LoginDelay::ask(const Who& who, const Ask& done) {
  if (!enabled_) {
    done(0);
    return;
  }
  const auto counted = [this, who, done](const sdk::BusAnswer& tries) {
    const bool too_many = tries && tries.number > per_hour_;
    if (too_many) {
      take_back(who);
    }
    done(too_many ? seconds(tries.ttl_ms) : 0);
  };
  const auto waited = [this, who, done, counted](const sdk::BusAnswer& wait) {
    if (wait) {
      done(seconds(wait.ttl_ms));
    } else if (!bus_.add(key("tries", who, false), 1, kHour, counted)) {
      done(0);
    }
  };
  if (!bus_.get(key("wait", who, true), waited)) {
    done(0);
  }
}

void LoginDelay::take_back(const Who& who) {
  if (enabled_) {
    bus_.add(key("tries", who, false), -1, kHour, nullptr);
  }
}

void LoginDelay::passed(const Who& who) {
  if (enabled_) {
    take_back(who);
    bus_.remove(key("wrong", who, true));
  }
}

void LoginDelay::failed(const Who& who) {
  if (!enabled_) {
    return;
  }
  bus_.add(key("wrong", who, true), 1, kHour, [this, who](const sdk::BusAnswer& wrong) {
    if (wrong && wrong.number > kFree) {
      const std::int64_t shift = std::min(wrong.number - kFree - 1, kLongestShift);
      bus_.set(key("wait", who, true), "1", (std::int64_t{1} << shift) * kSecond);
    }
  });
}

}  // namespace cardea::auth
