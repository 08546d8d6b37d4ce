#include "plugins/auth/oauth/requests.hpp"

#include <array>

#include "plugins/auth/auth.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/views.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

constexpr cardea_param_t kProvider = param::required(param::text("provider", 64));
constexpr std::array kLogin{
    kProvider,
    param::text("invite", 256, "registration code, when an account will be made"),
    param::text("invite_uuid", 256, "the same"),
    param::text("redirect_to", 512,
                "of a program: an address out of [oauth] native_redirects, or the word code"),
    param::text("code_challenge", 43, "of a program (RFC 7636, S256)"),
};
constexpr std::array kLink{kProvider};
constexpr std::array kCallback{
    kProvider,
    param::text("state", 256),
    param::text("code", 4096),
    param::text("error", 256),
    param::text("iss", 512, "RFC 9207"),
};
constexpr std::array kExchange{
    param::required(param::text("code", 256)),
    param::text("code_verifier", 128, "of a program that sent a code_challenge"),
    param::text("totp_code", 64, "with a second factor: its code, or a backup code"),
    param::text("device_name", 256, "as the list of logins shows it"),
};
constexpr std::array kConfirm{param::required(param::text("token", 256))};
constexpr std::array kTokens{
    param::text("access_token", 8192),
    param::text("refresh_token", 128),
    param::text("token_type", 16, "bearer"),
    param::integer("expires_in", 0, param::kLargestInt, "seconds"),
    param::object("user", views::kUser),
    param::boolean("totp_required", "the rest is there after one more exchange with totp_code"),
    param::text("code", 256, "for that exchange"),
};
constexpr cardea_param_t kTokensResult = param::object("login", kTokens);
constexpr std::array kUrl{param::required(param::text("url", 0, "where the browser has to go"))};
constexpr std::array kListed{
    param::required(param::text("name", 64)),
    param::required(param::text("title", 64, "for people")),
    param::required(param::text("login_path", 128, "where the browser has to go")),
};
constexpr cardea_param_t kUrlResult = param::object("start", kUrl);
constexpr cardea_param_t kListResult = param::array("providers", 0, kListed);

constexpr std::array kLoginAliases{"dpc GET /login/{provider}", "dpc GET /auth/login/{provider}",
                                   "hopp GET /api/auth/social/{provider}",
                                   static_cast<const char*>(nullptr)};
constexpr std::array kCallbackAliases{"dpc GET /auth/{provider}/callback",
                                      "hopp GET /api/auth/social/{provider}/callback",
                                      static_cast<const char*>(nullptr)};

constexpr std::array kOperations{
    Operation{.id = "oauth.providers",
              .method = "GET",
              .path = "/auth/providers",
              .handle = &oauth::list_providers,
              .access = CARDEA_RANK_NOBODY,
              .result = &kListResult,
              .help = "The providers that one can sign in with"},
    Operation{.id = "oauth.login",
              .method = "GET",
              .path = "/auth/{provider}/login",
              .handle = &oauth::login,
              .access = CARDEA_RANK_NOBODY,
              .params = kLogin,
              .status = 302,
              .help = "Sends a browser to the provider",
              .limit = "oauth",
              .aliases = kLoginAliases.data()},
    Operation{.id = "oauth.link",
              .method = "POST",
              .path = "/auth/{provider}/link",
              .handle = &oauth::link,
              .params = kLink,
              .result = &kUrlResult,
              .help = "Begins to link the caller's account to one at the provider",
              .limit = "oauth"},
    Operation{.id = "oauth.callback",
              .method = "GET",
              .path = "/auth/{provider}/callback",
              .handle = &oauth::callback,
              .access = CARDEA_RANK_NOBODY,
              .params = kCallback,
              .status = 302,
              .help = "Where the provider sends the browser back to",
              .limit = "code",
              .aliases = kCallbackAliases.data()},
    Operation{.id = "oauth.exchange",
              .method = "POST",
              .path = "/auth/token",
              .handle = &oauth::exchange,
              .access = CARDEA_RANK_NOBODY,
              .params = kExchange,
              .result = &kTokensResult,
              .help = "Tokens for the code that a login with a provider ended with",
              .limit = "code"},
    Operation{.id = "oauth.confirm",
              .method = "POST",
              .path = "/auth/link/confirm",
              .handle = &oauth::confirm,
              .access = CARDEA_RANK_NOBODY,
              .params = kConfirm,
              .status = 204,
              .help = "Links a provider with the code out of a mail",
              .limit = "code"},
};

}  // namespace

std::span<const Operation> oauth_requests() { return kOperations; }

}  // namespace cardea::auth
