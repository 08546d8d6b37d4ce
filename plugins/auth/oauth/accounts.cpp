#include "plugins/auth/oauth/accounts.hpp"

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/codes.hpp"
#include "plugins/auth/registration.hpp"

namespace cardea::auth::oauth {

namespace {

constexpr int kNameTries = 20;
constexpr std::string_view kLinkCode = "link";

void add_external(sdk::Transaction& transaction, const Flow& flow, const External& external,
                  const std::string& user) {
  transaction.execute(
      "INSERT INTO auth_external_accounts (provider, subject, user_id, created_at)"
      " VALUES ($1, $2, $3, $4)",
      flow.provider, external.subject, user, wall_clock());
}

std::optional<User> owner_of(sdk::Transaction& transaction, const Flow& flow,
                             const External& external) {
  const auto found = transaction.execute(
      "SELECT user_id FROM auth_external_accounts WHERE provider = $1 AND subject = $2",
      flow.provider, external.subject);
  return found.rows.empty() ? std::nullopt : users::by_id(transaction, found.value().as_text());
}

// A free name near to the one there.
std::string free_name(sdk::Transaction& transaction, const External& external,
                      const NameRules& names) {
  const std::string wish =
      !external.login.empty() ? external.login : external.email.substr(0, external.email.find('@'));
  const std::string base = username_from(wish, names);
  std::string name = base;
  for (int i = 0; i < kNameTries && users::by_login(transaction, name); ++i) {
    const std::string number = std::to_string(sdk::random_number(24));
    name = base.substr(0, names.longest - std::min(names.longest, number.size())) + number;
  }
  return name;
}

Auth::Problem link(sdk::Transaction& transaction, const std::optional<User>& owner,
                   const Flow& flow, const External& external, User& user) {
  if (owner && owner->id != flow.link_user) {
    return sdk::RestProblem{409, "already_linked", "Another account is linked to this one", {}, {}};
  }
  const auto caller = users::by_id(transaction, flow.link_user);
  if (!caller) {
    return refused("no_such_account", "The account has ended");
  }
  if (!owner) {
    add_external(transaction, flow, external, caller->id);
  }
  user = *caller;
  return std::nullopt;
}

Auth::Problem make(sdk::Transaction& transaction, const cardea_invites_t* invites,
                   const NameRules& names, const Flow& flow, const External& external, User& user) {
  Applicant applicant;
  applicant.invite_code = flow.invite;
  applicant.user.username = free_name(transaction, external, names);
  applicant.user.display_name =
      check_display_name(trimmed(external.name)) ? applicant.user.username : trimmed(external.name);
  applicant.user.email = external.email;
  applicant.user.email_verified = true;
  applicant.user.provider = flow.provider;
  if (auto problem = make_account(transaction, invites, applicant)) {
    return problem;
  }
  add_external(transaction, flow, external, applicant.user.id);
  user = applicant.user;
  return std::nullopt;
}

}  // namespace

Auth::Problem find_or_make(sdk::Transaction& transaction, const cardea_invites_t* invites,
                           const NameRules& names, const LinkRules& rules, const Flow& flow,
                           const External& external, Entered& out) {
  const auto owner = owner_of(transaction, flow, external);
  out = {};
  if (!flow.link_user.empty()) {
    return link(transaction, owner, flow, external, out.user);
  }
  if (owner) {
    out.user = *owner;
    return std::nullopt;
  }
  if (external.email.empty() || check_email(external.email)) {
    return refused("no_verified_email", "The provider tells no verified e-mail address");
  }
  const auto same_address = users::by_email(transaction, external.email);
  if (!same_address) {
    return make(transaction, invites, names, flow, external, out.user);
  }
  // Whoever controls the address there need not be who made the account here (threats.md A7).
  out.user = *same_address;
  if (same_address->email_verified && rules.by_email) {
    add_external(transaction, flow, external, same_address->id);
    return std::nullopt;
  }
  if (same_address->email_verified && rules.by_mail && !same_address->disabled) {
    out.mail_code = codes::make(transaction, kLinkCode, same_address->id,
                                flow.provider + " " + external.subject, rules.mail_ttl);
    return std::nullopt;
  }
  return sdk::RestProblem{409,
                          "account_exists",
                          "There is an account with this address: sign in to it, then link",
                          {},
                          {}};
}

bool confirm_link(sdk::Transaction& transaction, const std::string& code) {
  const auto meant = codes::use(transaction, kLinkCode, code);
  if (!meant) {
    return false;
  }
  const std::size_t space = meant->about.find(' ');
  Flow flow;
  External external;
  flow.provider = meant->about.substr(0, space);
  external.subject = meant->about.substr(std::min(space + 1, meant->about.size()));
  if (!owner_of(transaction, flow, external)) {
    add_external(transaction, flow, external, meant->user);
  }
  return true;
}

}  // namespace cardea::auth::oauth
