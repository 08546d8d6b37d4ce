// Whether a password is somebody's: one way for all requests that ask for one.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "plugins/auth/auth.hpp"

namespace cardea::auth {

/// A password that was right.
struct Proof {
  User user;
  std::string new_record;  ///< to be stored instead of the old one; empty: that is good
  LoginDelay::Who who;     ///< whose attempt has to be told as passed or failed
};

/// The answer to a wrong password and to an unknown name alike.
sdk::RestProblem wrong_password();

/// [control] Reads the account, refuses for a while after wrong passwords, and compares in the same
/// time whether there is one or not. `done` only when it is right; else the call is answered.
/// @param find [work]. @param name counts for those that it does not find.
void prove_password(Auth& auth, const Call& call,
                    std::function<std::optional<User>(sdk::Transaction&)> find, std::string name,
                    std::function<void(const Proof&)> done);

/// The same for who asks, with the parameter of that name; without one for accounts that have none.
void prove_own_password(Auth& auth, const Call& call, const char* parameter,
                        std::function<void(const Proof&)> done);

/// [work] Whether `user` may still do what he has proved, and is as he was.
Auth::Problem still_good(sdk::Transaction& transaction, const Proof& proof, User& now);

}  // namespace cardea::auth
