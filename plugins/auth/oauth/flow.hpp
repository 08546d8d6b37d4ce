// One login with a provider that is under way, from the first redirect to the tokens.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <cardea/sdk/rest.hpp>

#include "plugins/auth/auth.hpp"
#include "plugins/auth/oauth/client.hpp"
#include "plugins/auth/oauth/fetch.hpp"

namespace cardea::auth::oauth {

inline constexpr std::int64_t kStateSeconds = 600;
inline constexpr std::int64_t kCodeSeconds = 60;
inline constexpr const char* kCookie = "cardea_oauth";
/// Kinds of tickets.
inline constexpr const char* kState = "state";
inline constexpr const char* kCode = "code";
/// Instead of an address: the code is shown, to be typed into a program.
inline constexpr const char* kShowCode = "code";

struct Flow {
  std::string provider;
  Secrets secrets;
  std::string redirect_uri;
  std::string browser;    ///< hash of the cookie
  std::string invite;     ///< empty: none
  std::string target;     ///< of a program; empty: a browser's login
  std::string challenge;  ///< of that program (RFC 7636, S256); empty: none
  std::string link_user;  ///< id of who is signed in and links; empty: nobody

  [[nodiscard]] Json to_json() const;
  static Flow from_json(const Json& json);
};

/// What the code at the end stands for.
struct Grant {
  std::string user;
  std::string browser;    ///< as above; empty: whoever has the code
  std::string challenge;  ///< as above

  [[nodiscard]] Json to_json() const;
  static Grant from_json(const Json& json);
};

/// A 400 for what the client or the provider's browser side brought.
sdk::RestProblem refused(const char* code, const char* detail);
/// `url` with one more member in its query.
std::string with_query(const std::string& url, const Fields& fields);
/// Where browsers or the program go with a result.
std::string goal_of(const OAuth& oauth, const Flow& flow);
/// Who the call names in its path, when that provider is on; else the call is answered.
const Provider* provider_of(Auth& auth, sdk::RestCall& call);
/// Runs `work` on the executor, then `done`; or the call is answered with 503.
void in_background(Auth& auth, const Call& call, std::function<void()> work,
                   std::function<void()> done);
/// Answers with what a provider did wrong, and says so in the log.
void fail(Auth& auth, const Call& call, const Provider& provider, const Error& error);

}  // namespace cardea::auth::oauth
