// Where WHIP clients may publish: the endpoints of the configuration, and rooms by their own id.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/json.hpp>

namespace cardea::whip {

constexpr std::int64_t kMaxText = 255;  ///< ids, labels, tokens, pins, bytes

struct Endpoint {
  Json room;  ///< a number or a text
  std::string pin, room_token, label;
  std::string token;  ///< the bearer's; empty: anybody
};

class Endpoints {
 public:
  /// @param config sections of keys, every default filled in. Throws when a section lacks its room.
  explicit Endpoints(const Json& config);

  /// @param id the last part of the path. @param open whether anybody may enter rooms without a
  /// token. Empty when there is none of that id.
  [[nodiscard]] std::optional<Endpoint> find(std::string_view id, bool open) const;

 private:
  std::map<std::string, Endpoint, std::less<>> named_;
  bool any_room_;
  std::string token_;
};

/// True when each of the URLs, separated by spaces, is of this machine only.
bool all_loopback(std::string_view urls);

namespace detail {
using namespace sdk::config;
inline constexpr char kEndpoint[] = "endpoint-*";
}  // namespace detail

inline constexpr cardea_config_key_t kKeys[] = {
    detail::text("whip", "path", "/whip", kMaxText, "Where the endpoints are over HTTP"),
    detail::boolean("whip", "any_room", "yes",
                    "PATH/endpoint/ROOM publishes into that room: with `token`, and without one as "
                    "long as the server listens on loopback addresses only"),
    detail::secret("whip", "token", kMaxText,
                   "Bearer token of `any_room` and of endpoints without one of their own"),
    detail::list("whip", "ice_servers", nullptr,
                 "URLs that clients are told as ICE servers: stun:host:port"),
    detail::integer("whip", "max_sessions", "1000", 1, 4'000, "Publishers at the same time"),
    detail::text("endpoint-*", "room", nullptr, kMaxText, "The room to publish into"),
    detail::secret("endpoint-*", "pin", kMaxText, "The room's pin"),
    detail::secret("endpoint-*", "secret", kMaxText, "One of the room's `allowed` tokens"),
    detail::secret("endpoint-*", "token", kMaxText, "Bearer token that clients must send"),
    detail::text("endpoint-*", "label", nullptr, kMaxText, "The publisher's name in the room"),
};

}  // namespace cardea::whip
