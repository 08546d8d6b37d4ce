// Texts that are good for one use within a short time, on all nodes: the state of a login that is
// under way, and the code that ends it. Kept on the bus under their hash.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <cardea/sdk/bus.hpp>
#include <cardea/sdk/json.hpp>

namespace cardea::auth::oauth {

class Tickets {
 public:
  explicit Tickets(sdk::Bus& bus) : bus_(bus) {}

  /// Makes one that stands for `content`; `done` gets nothing when the bus is away.
  /// @param kind a word that keeps tickets of different use apart.
  void issue(std::string_view kind, const Json& content, std::int64_t seconds,
             const std::function<void(const std::optional<std::string>& ticket)>& done);

  /// What it stands for, once.
  void redeem(std::string_view kind, std::string_view ticket,
              const std::function<void(const std::optional<Json>& content)>& done);

 private:
  sdk::Bus& bus_;
};

}  // namespace cardea::auth::oauth
