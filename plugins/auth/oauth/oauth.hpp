// What logins with other providers need beside the accounts: the providers and what is known of
// them, tickets, blocking work.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <cardea/sdk/background.hpp>
#include <cardea/sdk/bus.hpp>
#include <cardea/sdk/module.hpp>

#include "plugins/auth/oauth/client.hpp"
#include "plugins/auth/oauth/settings.hpp"
#include "plugins/auth/oauth/tickets.hpp"

namespace cardea::auth::oauth {

/// [control]
class OAuth {
 public:
  OAuth(const sdk::Host& host, sdk::Bus& bus, Settings settings)
      : settings_(std::move(settings)),
        tickets_(bus),
        background_(host, {.threads = 2, .queue = 100}) {}

  [[nodiscard]] const Settings& settings() const { return settings_; }
  Tickets& tickets() { return tickets_; }
  sdk::Background& background() { return background_; }

  /// Null when there is none of that name; it may be off.
  [[nodiscard]] const Provider* find(std::string_view name) const {
    for (const Provider& provider : settings_.providers) {
      if (provider.name == name) {
        return &provider;
      }
    }
    return nullptr;
  }
  Known& known(const Provider& provider) { return known_[provider.name]; }

 private:
  const Settings settings_;
  Tickets tickets_;
  sdk::Background background_;
  std::map<std::string, Known> known_;
};

}  // namespace cardea::auth::oauth
