// How one is called by others: changed by its owner.
#include <array>
#include <memory>

#include "plugins/auth/auth.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/views.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

void put_self(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const std::string name = trimmed((*call)["display_name"].as_text());
  if (const auto bad = check_display_name(name)) {
    call->fail(*bad);
    return;
  }
  const auto user = std::make_shared<std::optional<User>>();
  auth.transact(
      call,
      [call, user, name](sdk::Transaction& transaction) -> Auth::Problem {
        const std::string& id = call->principal().id;
        transaction.execute("UPDATE users SET display_name = $2 WHERE id = $1", id, name);
        *user = users::by_id(transaction, id);
        if (!*user) {
          return sdk::RestProblem{404, "not_found", "There is no such account", {}, {}};
        }
        return std::nullopt;
      },
      [call, user] { call->reply(own_view(**user)); });
}

constexpr std::array kParams{param::required(param::text("display_name", 256))};
constexpr std::array kOperations{
    Operation{.id = "users.put_me",
              .method = "PUT",
              .path = "/users/me",
              .handle = &put_self,
              .params = kParams,
              .result = &views::kUserResult,
              .help = "Changes how others see the caller's name",
              .limit = "name"},
};

}  // namespace

std::span<const Operation> name_requests() { return kOperations; }

}  // namespace cardea::auth
