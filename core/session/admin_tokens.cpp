// Admin API: the stored tokens.
#include <array>

#include <cardea/sdk/operation.hpp>
#include <cardea/sdk/text.hpp>

#include "core/session/admin.hpp"
#include "core/session/errors.hpp"
#include "core/session/info.hpp"

namespace cardea::session {
namespace {

using Place = AdminRequest::Place;
namespace param = sdk::param;

constexpr std::int64_t kMaxToken = 4096;
constexpr std::int64_t kMaxPlugins = 256;

constexpr cardea_param_t kTokenParam = param::required(param::text("token", kMaxToken));
constexpr std::array kToken{kTokenParam};
constexpr std::array kTokenAndPlugins{kTokenParam,
                                      param::array("plugins", kMaxPlugins, {}, "Ids or aliases")};

/// Stored tokens are there only where no secret signs them.
bool stored_tokens(VerbCall& call) {
  const Settings& settings = call.context.settings;
  if (settings.token_auth && settings.token_secret.empty()) {
    return true;
  }
  refuse(call, {"Stored-Token based authentication disabled", kErrorUnknown});
  return false;
}

Json names_of(const Context& context, const TokenScope& scope) {
  Json out = Json::array();
  for (const FeaturePort* feature : context.features.all()) {
    if (!scope || scope->contains(feature->info().id)) {
      out.push(listed_name(feature->info()));
    }
  }
  return out;
}

void answer_scope(VerbCall& call, const TokenScope& scope) {
  admin_success(
      call, Json::object({{"data", Json::object({{"plugins", names_of(call.context, scope)}})}}));
}

/// The ids of the features that the request names. @param unknown what a name that nobody has is.
Result<std::set<std::string>> named_features(const VerbCall& call, bool unknown_is_error) {
  std::set<std::string> out;
  const Json plugins = call.message["plugins"];
  for (std::size_t i = 0; i < plugins.size(); ++i) {
    const Json name = plugins.at(i);
    const FeaturePort* feature =
        name.is_string() ? call.context.features.find(name.as_text()) : nullptr;
    if (!name.is_string() || (feature == nullptr && unknown_is_error)) {
      return Error{"Invalid element type (some of the provided plugins are invalid)",
                   kErrorInvalidElementType};
    }
    if (feature != nullptr) {
      out.insert(feature->info().id);
    }
  }
  return out;
}

void add_token(VerbCall& call) {
  if (!stored_tokens(call)) {
    return;
  }
  auto features = named_features(call, false);
  if (!features) {
    refuse(call, features.error());
    return;
  }
  const bool all = call.message["plugins"].size() == 0;
  const TokenScope* scope = call.context.tokens.add(call.message["token"].text_or(),
                                                    all ? TokenScope() : *std::move(features));
  if (scope == nullptr) {
    call.context.counters.limit_hit("tokens");
    refuse(call, {"Too many tokens", kErrorUnknown});
    return;
  }
  answer_scope(call, *scope);
}

void change_scope(VerbCall& call,
                  void (*change)(const Context&, TokenScope&, const std::set<std::string>&)) {
  if (!stored_tokens(call)) {
    return;
  }
  const std::string token = call.message["token"].text_or();
  TokenScope* scope = call.context.tokens.find(token);
  if (scope == nullptr) {
    refuse(call, {"Token " + sdk::echoed(token) + " not found", kErrorTokenNotFound});
    return;
  }
  if (call.message["plugins"].size() == 0) {
    refuse(call, {"Invalid element type (plugins should be a non-empty array)",
                  kErrorInvalidElementType});
    return;
  }
  const auto features = named_features(call, true);
  if (!features) {
    refuse(call, features.error());
    return;
  }
  change(call.context, *scope, *features);
  answer_scope(call, *scope);
}

void allow_token(VerbCall& call) {
  change_scope(call, [](const Context&, TokenScope& scope, const std::set<std::string>& features) {
    if (scope) {
      scope->insert(features.begin(), features.end());
    }
  });
}

void disallow_token(VerbCall& call) {
  change_scope(
      call, [](const Context& context, TokenScope& scope, const std::set<std::string>& features) {
        if (!scope) {
          scope.emplace();
          for (const FeaturePort* feature : context.features.all()) {
            scope->insert(feature->info().id);
          }
        }
        for (const std::string& feature : features) {
          scope->erase(feature);
        }
      });
}

void list_tokens(VerbCall& call) {
  if (!stored_tokens(call)) {
    return;
  }
  Json tokens = Json::array();
  for (const auto& [token, scope] : call.context.tokens.all()) {
    tokens.push(
        Json::object({{"token", token}, {"allowed_plugins", names_of(call.context, scope)}}));
  }
  admin_success(call, Json::object({{"data", Json::object({{"tokens", tokens}})}}));
}

void remove_token(VerbCall& call) {
  if (!stored_tokens(call)) {
    return;
  }
  if (!call.context.tokens.remove(call.message["token"].text_or())) {
    refuse(call, {"Error removing token", kErrorUnknown});
    return;
  }
  admin_success(call);
}

constexpr std::array kRequests{
    AdminRequest{"add_token", Place::Server, kTokenAndPlugins, add_token},
    AdminRequest{"allow_token", Place::Server, kTokenAndPlugins, allow_token},
    AdminRequest{"disallow_token", Place::Server, kTokenAndPlugins, disallow_token},
    AdminRequest{"list_tokens", Place::Server, {}, list_tokens},
    AdminRequest{"remove_token", Place::Server, kToken, remove_token},
};

}  // namespace

std::span<const AdminRequest> admin_token_requests() { return kRequests; }

}  // namespace cardea::session
