// Requests about API keys and the room tokens that they sign.
#include <array>
#include <memory>
#include <utility>

#include "plugins/auth/auth.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/room_tokens.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;
using room_tokens::ApiKey;

constexpr std::int64_t kTtl = 6 * 3600;  // seconds, as LiveKit's tools have it

sdk::RestProblem no_key() { return {404, "no_api_key", "There is no such API key", {}, {}}; }

void make_key(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto made = std::make_shared<ApiKey>();
  auth.transact(
      call,
      [call, made](sdk::Transaction& transaction) -> Auth::Problem {
        *made = room_tokens::make_key(transaction, (*call)["note"].as_text());
        return std::nullopt;
      },
      [&auth, call, made] {
        auth.know(*made);
        call->reply(Json::object({{"key", made->key}, {"secret", made->secret}}));
      });
}

void list_keys(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto list = std::make_shared<Json>();
  auth.transact(
      call,
      [list](sdk::Transaction& transaction) -> Auth::Problem {
        *list = Json::array();
        for (const ApiKey& key : room_tokens::keys(transaction)) {
          list->push(
              Json::object({{"key", key.key}, {"note", key.note}, {"created_at", key.created_at}}));
        }
        return std::nullopt;
      },
      [call, list] { call->reply(*list); });
}

void remove_key(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  auth.transact(
      call,
      [call](sdk::Transaction& transaction) -> Auth::Problem {
        return room_tokens::remove_key(transaction, (*call)["key"].as_text())
                   ? Auth::Problem()
                   : Auth::Problem(no_key());
      },
      [&auth, call] {
        auth.forget_key((*call)["key"].text_or());
        call->reply();
      });
}

void make_token(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto key = std::make_shared<std::optional<ApiKey>>();
  auth.transact(
      call,
      [call, key](sdk::Transaction& transaction) -> Auth::Problem {
        *key = (*call)["key"] ? room_tokens::find_key(transaction, (*call)["key"].as_text())
                              : room_tokens::first_key(transaction);
        return *key ? Auth::Problem() : Auth::Problem(no_key());
      },
      [call, key] {
        const room_tokens::Grant grant{(*call)["identity"].text_or(), (*call)["name"].text_or(),
                                       (*call)["metadata"].text_or(), (*call)["attributes"],
                                       (*call)["video"]};
        const std::int64_t now = wall_clock();
        const std::int64_t ttl = (*call)["ttl"].as_int(kTtl);
        const std::string token = room_tokens::make(**key, grant, now, ttl);
        if (const auto good = room_tokens::read(token, **key, now); !good) {
          call->fail(400, "invalid_grants", good.error().message);
          return;
        }
        call->reply(Json::object({{"token", token}, {"expires_in", ttl}}));
      });
}

void verify_token(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const std::string token = (*call)["token"].text_or();
  const auto key = std::make_shared<std::optional<ApiKey>>();
  auth.transact(
      call,
      [token, key](sdk::Transaction& transaction) -> Auth::Problem {
        *key = room_tokens::find_key(transaction, room_tokens::key_of(token));
        return std::nullopt;
      },
      [call, token, key] {
        const auto grant = *key ? room_tokens::read(token, **key, wall_clock())
                                : Result<room_tokens::Grant>(Error{"no known key"});
        if (!grant) {
          call->fail(400, "invalid_token", "This is no valid room token");
          return;
        }
        call->reply(grant->to_json());
      });
}

constexpr std::array kNote{param::text("note", 256, "what it is for")};
constexpr std::array kKey{param::required(param::text("key", 64))};
constexpr std::array kMade{param::required(param::text("key", 64)),
                           param::required(param::text("secret", 128, "told only now"))};
constexpr std::array kListed{
    param::required(param::text("key", 64)),
    param::required(param::text("note", 256)),
    param::required(param::integer("created_at", 0, param::kLargestId, "seconds since 1970")),
};
constexpr std::array kTokenParams{
    param::required(param::text("identity", 256, "who it is for")),
    param::required(
        param::object("video", {}, "LiveKit's grants: room, roomJoin, canPublish, ...")),
    param::text("name", 256),
    param::text("metadata", 4096),
    param::object("attributes"),
    param::integer("ttl", 1, 31'536'000, "seconds; 6 hours when it is left out"),
    param::text("key", 64, "the API key; the first one when it is left out"),
};
constexpr std::array kToken{param::required(param::text("token", 8192)),
                            param::required(param::integer("expires_in", 0, param::kLargestInt))};
constexpr std::array kShown{param::required(param::text("token", 8192))};
constexpr std::array kGrant{
    param::required(param::text("identity", 256)),  param::required(param::text("name", 256)),
    param::required(param::text("metadata", 8192)), param::object("attributes"),
    param::required(param::object("video")),
};
constexpr cardea_param_t kMadeResult = param::object("made", kMade);
constexpr cardea_param_t kListResult = param::array("keys", 1000, kListed);
constexpr cardea_param_t kTokenResult = param::object("room_token", kToken);
constexpr cardea_param_t kGrantResult = param::object("grant", kGrant);

constexpr std::array kOperations{
    Operation{.id = "admin.api_keys.make",
              .method = "POST",
              .path = "/admin/api-keys",
              .handle = &make_key,
              .access = CARDEA_RANK_ADMIN,
              .params = kNote,
              .status = 201,
              .result = &kMadeResult,
              .help = "A pair of API key and secret, which signs room tokens"},
    Operation{.id = "admin.api_keys.list",
              .method = "GET",
              .path = "/admin/api-keys",
              .handle = &list_keys,
              .access = CARDEA_RANK_ADMIN,
              .result = &kListResult,
              .help = "The API keys, without their secrets"},
    Operation{.id = "admin.api_keys.remove",
              .method = "DELETE",
              .path = "/admin/api-keys/{key}",
              .handle = &remove_key,
              .access = CARDEA_RANK_ADMIN,
              .params = kKey,
              .status = 204,
              .help = "Ends an API key: tokens that it signed count no more"},
    Operation{.id = "admin.room_tokens.make",
              .method = "POST",
              .path = "/admin/room-tokens",
              .handle = &make_token,
              .access = CARDEA_RANK_ADMIN,
              .params = kTokenParams,
              .status = 201,
              .result = &kTokenResult,
              .help = "A room token in LiveKit's shape"},
    Operation{.id = "roomtokens.verify",
              .method = "POST",
              .path = "/room-tokens/verify",
              .handle = &verify_token,
              .access = CARDEA_RANK_NOBODY,
              .params = kShown,
              .result = &kGrantResult,
              .help = "What a room token grants",
              .limit = "code"},
};

}  // namespace

std::span<const Operation> room_token_requests() { return kOperations; }

}  // namespace cardea::auth
