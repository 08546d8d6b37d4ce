// Against guessing of passwords (threats.md A1): wrong ones are counted for each account and each
// account's address, on the bus, so that all nodes count together.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <cardea/sdk/bus.hpp>

namespace cardea::auth {

/// [control]
class LoginDelay {
 public:
  /// @param per_hour wrong attempts of one account. @param enabled false: nothing is counted.
  LoginDelay(sdk::Bus& bus, std::int64_t per_hour, bool enabled)
      : bus_(bus), per_hour_(per_hour), enabled_(enabled) {}

  struct Who {
    std::string account;  ///< id, or the name that was tried
    std::string address;
  };
  /// `seconds` to wait before an attempt; 0: go on, and say later how it ended.
  using Ask = std::function<void(std::int64_t seconds)>;

  /// Counts the attempt as a wrong one until passed() takes it back.
  void ask(const Who& who, const Ask& done);
  void passed(const Who& who);
  void failed(const Who& who);
  /// Neither right nor wrong: it was not looked at.
  void take_back(const Who& who);

 private:
  sdk::Bus& bus_;
  std::int64_t per_hour_;
  bool enabled_;
};

}  // namespace cardea::auth
