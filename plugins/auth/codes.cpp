#include "plugins/auth/codes.hpp"

#include "plugins/auth/crypto.hpp"

namespace cardea::auth {

namespace {

constexpr std::size_t kCodeBytes = 32;

void send(const Auth& auth, const User& user, const char* subject, const std::string& text) {
  if (auth.mail()->send(auth.mail()->instance, sdk::to_str(user.email), sdk::to_str(subject),
                        sdk::to_str(text)) != 0) {
    auth.host().warn("a mail could not be sent");
  }
}

std::string invitation_to(const Settings& settings, const char* page, const std::string& code) {
  const std::string link = link_to(settings, page, code);
  return link.empty() ? "The code to be entered:\n\n" + code : "Open this link:\n\n" + link;
}

}  // namespace

namespace codes {

std::string make(sdk::Transaction& transaction, std::string_view kind, std::string_view user,
                 std::string_view about, std::int64_t ttl) {
  transaction.execute("DELETE FROM auth_codes WHERE user_id = $1 AND kind = $2", user, kind);
  std::string code = random_token(kCodeBytes);
  transaction.execute(
      "INSERT INTO auth_codes (hash, kind, user_id, about, expires_at) VALUES ($1, $2, $3, $4, $5)",
      sha256_hex(code), kind, user, about, wall_clock() + ttl);
  return code;
}

std::optional<Meant> find(sdk::Transaction& transaction, std::string_view kind,
                          std::string_view code) {
  const auto found = transaction.execute(
      "SELECT user_id, about FROM auth_codes WHERE hash = $1 AND kind = $2 AND expires_at > $3",
      sha256_hex(code), kind, wall_clock());
  if (found.rows.empty()) {
    return std::nullopt;
  }
  return Meant{std::string(found.rows[0][0].as_text()), std::string(found.rows[0][1].as_text())};
}

std::optional<Meant> use(sdk::Transaction& transaction, std::string_view kind,
                         std::string_view code) {
  const auto meant = find(transaction, kind, code);
  const auto ended =
      transaction.execute("DELETE FROM auth_codes WHERE hash = $1", sha256_hex(code));
  return ended.changed != 0 ? meant : std::nullopt;
}

void purge(sdk::Transaction& transaction, std::int64_t now) {
  transaction.execute("DELETE FROM auth_codes WHERE expires_at < $1", now);
}

}  // namespace codes

bool mail_is_on(const Auth& auth) {
  return auth.mail() != nullptr && auth.mail()->ready(auth.mail()->instance) != 0;
}

std::string link_to(const Settings& settings, std::string_view page, const std::string& code) {
  return settings.link_url.empty() ? std::string()
                                   : settings.link_url + "/" + std::string(page) + "?token=" + code;
}

void mail_reset(const Auth& auth, const User& user, const std::string& code) {
  send(auth, user, "A new password",
       "Hello " + user.display_name + ",\n\nsomebody asked for a new password of your account. " +
           invitation_to(auth.settings(), "reset-password", code) +
           "\n\nIf it was not you, nothing has to be done.\n");
}

void mail_verification(const Auth& auth, const User& user, const std::string& code) {
  send(auth, user, "Your e-mail address",
       "Hello " + user.display_name + ",\n\nplease prove that this is your address. " +
           invitation_to(auth.settings(), "verify-email", code) + "\n");
}

}  // namespace cardea::auth
