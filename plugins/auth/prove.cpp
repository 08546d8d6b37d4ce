#include "plugins/auth/prove.hpp"

#include <memory>
#include <utility>

namespace cardea::auth {

namespace {

struct Attempt {
  Call call;
  std::string password;
  std::string name;
  std::optional<User> user;
  LoginDelay::Who who;
  std::function<void(const Proof&)> done;
};
using Shared = std::shared_ptr<Attempt>;

// Nothing is known of the password, so it is no failure either.
void turn_away(Auth& auth, const Attempt& attempt, const char* limit) {
  auth.server().limit_hit(limit);
  auth.delay().take_back(attempt.who);
  attempt.call->fail(too_busy());
}

void compare(Auth& auth, const Shared& attempt) {
  const std::string record = attempt->user ? attempt->user->password_hash : std::string();
  const bool taken = auth.hasher().verify(
      attempt->password, record, [&auth, attempt](const Hasher::Outcome& outcome) {
        if (!outcome.done) {
          turn_away(auth, *attempt, "hash_wait");
        } else if (outcome.right) {
          attempt->done({*attempt->user, outcome.record, attempt->who});
        } else {
          auth.delay().failed(attempt->who);
          attempt->call->fail(wrong_password());
        }
      });
  if (!taken) {
    turn_away(auth, *attempt, "hash_queue");
  }
}

void wait_or_compare(Auth& auth, const Shared& attempt) {
  attempt->who = {attempt->user ? attempt->user->id : folded(attempt->name),
                  attempt->call->remote_address()};
  auth.delay().ask(attempt->who, [&auth, attempt](std::int64_t seconds) {
    if (seconds == 0) {
      compare(auth, attempt);
      return;
    }
    auth.server().limit_hit("login_delay");
    const std::string wait = std::to_string(seconds);
    attempt->call->fail({429,
                         "too_many_attempts",
                         "Too many wrong passwords, try again in " + wait + " s",
                         Json::object({{"retry_after", seconds}}),
                         {{"Retry-After", wait}}});
  });
}

}  // namespace

sdk::RestProblem wrong_password() {
  return {401, "invalid_credentials", "The name or the password is wrong", {}, {}};
}

void prove_password(Auth& auth, const Call& call,
                    std::function<std::optional<User>(sdk::Transaction&)> find, std::string name,
                    std::function<void(const Proof&)> done) {
  const auto attempt = std::make_shared<Attempt>(
      Attempt{call, (*call)["password"].text_or(), std::move(name), {}, {}, std::move(done)});
  auth.transact(
      call,
      [attempt, find = std::move(find)](sdk::Transaction& transaction) -> Auth::Problem {
        attempt->user = find(transaction);
        return std::nullopt;
      },
      [&auth, attempt] { wait_or_compare(auth, attempt); });
}

void prove_own_password(Auth& auth, const Call& call, const char* parameter,
                        std::function<void(const Proof&)> done) {
  const auto attempt = std::make_shared<Attempt>(
      Attempt{call, (*call)[parameter].text_or(), call->principal().id, {}, {}, std::move(done)});
  auth.transact(
      call,
      [attempt, call](sdk::Transaction& transaction) -> Auth::Problem {
        attempt->user = users::by_id(transaction, call->principal().id);
        return std::nullopt;
      },
      [&auth, attempt] {
        if (attempt->user && attempt->user->password_hash.empty()) {
          attempt->done({*attempt->user, {}, {}});
        } else {
          wait_or_compare(auth, attempt);
        }
      });
}

Auth::Problem still_good(sdk::Transaction& transaction, const Proof& proof, User& now) {
  const auto user = users::by_id(transaction, proof.user.id);
  if (!user || user->password_hash != proof.user.password_hash) {
    return wrong_password();
  }
  if (user->disabled) {
    return sdk::RestProblem{403, "account_disabled", "This account is disabled", {}, {}};
  }
  now = *user;
  return std::nullopt;
}

}  // namespace cardea::auth
