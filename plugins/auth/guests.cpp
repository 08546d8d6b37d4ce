// Requests of people without an account.
#include <array>
#include <memory>

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/auth.hpp"
#include "plugins/auth/crypto.hpp"
#include "plugins/auth/requests.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

std::string random_handle() {
  constexpr std::array kAdjectives{
      "amber",  "brave",  "bright", "calm",  "clever", "coral", "eager", "early",
      "fresh",  "gentle", "golden", "happy", "jolly",  "kind",  "light", "lively",
      "lucky",  "mellow", "merry",  "misty", "noble",  "proud", "quick", "quiet",
      "silver", "sunny",  "swift",  "tidy",  "warm",   "wild",  "wise",  "young"};
  constexpr std::array kNouns{"badger", "beaver",  "bison",  "cedar",  "comet",  "crane", "dolphin",
                              "eagle",  "falcon",  "finch",  "fox",    "harbor", "hawk",  "heron",
                              "island", "lark",    "lynx",   "maple",  "meadow", "otter", "owl",
                              "panda",  "pine",    "planet", "rabbit", "raven",  "river", "robin",
                              "salmon", "sparrow", "tiger",  "willow"};
  const auto pick = [](const auto& words) {
    return std::string(words.at(sdk::random_number(32) % words.size()));
  };
  return pick(kAdjectives) + "_" + pick(kNouns);
}

void enter(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  if (!auth.settings().guests) {
    call->fail(403, "guests_off", "An account is needed here");
    return;
  }
  const std::string wanted = trimmed((*call)["handle"].as_text());
  if (const auto bad =
          wanted.empty() ? std::nullopt : check_username(wanted, auth.settings().names)) {
    call->fail(*bad);
    return;
  }
  const std::string handle = wanted.empty() ? random_handle() : wanted;
  auth.transact(
      call,
      [handle](sdk::Transaction& transaction) -> Auth::Problem {
        if (users::by_name(transaction, handle)) {
          return sdk::RestProblem{
              409, "username_taken", "Somebody with an account has this name", {}, {}};
        }
        return std::nullopt;
      },
      [&auth, call, handle] {
        const std::string id = "guest-" + random_uuid();
        call->reply(Json::object(
            {{"access_token", auth.guest_token(id, handle)},
             {"token_type", "bearer"},
             {"expires_in", auth.settings().guest_ttl},
             {"user", Json::object({{"id", id}, {"username", handle}, {"role", "guest"}})}}));
      });
}

constexpr std::array kParams{param::text("handle", 256, "a random one when it is left out")};
constexpr std::array kGuest{
    param::required(param::text("id", 64)),
    param::required(param::text("username", 64)),
    param::required(param::text("role", 16)),
};
constexpr std::array kEntered{
    param::required(param::text("access_token", 8192)),
    param::required(param::text("token_type", 16)),
    param::required(param::integer("expires_in", 0, param::kLargestInt, "seconds")),
    param::required(param::object("user", kGuest)),
};
constexpr cardea_param_t kResult = param::object("guest", kEntered);

constexpr std::array kOperations{
    Operation{.id = "auth.guest",
              .method = "POST",
              .path = "/auth/guest",
              .handle = &enter,
              .access = CARDEA_RANK_NOBODY,
              .params = kParams,
              .result = &kResult,
              .help = "A token for somebody without an account",
              .limit = "guest"},
};

}  // namespace

std::span<const Operation> guest_requests() { return kOperations; }

}  // namespace cardea::auth
