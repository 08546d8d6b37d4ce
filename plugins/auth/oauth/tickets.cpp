#include "plugins/auth/oauth/tickets.hpp"

#include <utility>

#include "plugins/auth/crypto.hpp"

namespace cardea::auth::oauth {

namespace {

constexpr std::size_t kBytes = 32;

std::string key_of(std::string_view kind, std::string_view ticket) {
  return "auth.ticket." + std::string(kind) + "." + sha256_hex(ticket);
}

}  // namespace

void Tickets::issue(std::string_view kind, const Json& content, std::int64_t seconds,
                    const std::function<void(const std::optional<std::string>&)>& done) {
  const std::string ticket = random_token(kBytes);
  const bool taken = bus_.set(key_of(kind, ticket), content.dump(), seconds * 1000,
                              [ticket, done](const sdk::BusAnswer& answer) {
                                done(answer ? std::optional(ticket) : std::nullopt);
                              });
  if (!taken) {
    done(std::nullopt);
  }
}

void Tickets::redeem(std::string_view kind, std::string_view ticket,
                     const std::function<void(const std::optional<Json>&)>& done) {
  const std::string key = key_of(kind, ticket);
  const bool taken = bus_.get(key, [this, key, done](const sdk::BusAnswer& found) {
    auto content = found ? Json::parse(found.value) : Result<Json>(Error{});
    if (!content) {
      done(std::nullopt);
      return;
    }
    // Of several who have read it only one removes it.
    const bool asked = bus_.remove(key, [content = *content, done](const sdk::BusAnswer& removed) {
      done(removed ? std::optional(content) : std::nullopt);
    });
    if (!asked) {
      done(std::nullopt);
    }
  });
  if (!taken) {
    done(std::nullopt);
  }
}

}  // namespace cardea::auth::oauth
