// The way back: the browser brings a code of the provider's, and goes on with one of ours.
#include <memory>
#include <optional>
#include <utility>

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/codes.hpp"
#include "plugins/auth/crypto.hpp"
#include "plugins/auth/oauth/accounts.hpp"
#include "plugins/auth/oauth/flow.hpp"
#include "plugins/auth/oauth/requests.hpp"
#include "plugins/auth/totp.hpp"

namespace cardea::auth::oauth {

namespace {

struct Return {
  Return(Call the_call, const Provider& the_provider, Flow the_flow)
      : call(std::move(the_call)), provider(the_provider), flow(std::move(the_flow)) {}
  Call call;
  const Provider& provider;
  Flow flow;
  Known known;
  Result<External> external = Error{"not asked"};
  Entered entered;
  Login login;
  bool tokens = false;  ///< they go into the redirect
};
using Shared = std::shared_ptr<Return>;

const sdk::RestHeaders kNoStore{{"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}};

void go(Auth& auth, const Shared& back, const Fields& fields) {
  back->call->redirect(with_query(goal_of(auth.oauth(), back->flow), fields), kNoStore);
}

// A page can explain these; the others are for whoever set up the provider.
void tell(Auth& auth, const Shared& back, const sdk::RestProblem& problem) {
  const bool for_people = problem.code.starts_with("invite_") || problem.status == 409 ||
                          problem.code == "account_disabled";
  if (for_people && back->flow.target != kShowCode) {
    go(auth, back, {{"error", problem.code}, {"provider", back->provider.name}});
  } else {
    back->call->fail(problem);
  }
}

void give_tokens(Auth& auth, const Shared& back) {
  const Json answer = auth.login_answer(back->login);
  const bool browser = back->flow.target.empty();
  auth.revoke(back->login.ended);
  go(auth, back,
     browser ? Fields{{"token", answer["access_token"].text_or()}}
             : Fields{{"access_token", answer["access_token"].text_or()},
                      {"refresh_token", answer["refresh_token"].text_or()}});
}

void give_code(Auth& auth, const Shared& back) {
  // A page of this server has the cookie, so that nobody can be signed in with a foreign code.
  const bool own_page = back->flow.target.empty() && goal_of(auth.oauth(), back->flow)[0] == '/';
  const Grant grant{back->entered.user.id, own_page ? back->flow.browser : "",
                    back->flow.challenge};
  auth.oauth().tickets().issue(
      kCode, grant.to_json(), kCodeSeconds, [&auth, back](const std::optional<std::string>& code) {
        if (!code) {
          back->call->fail(503, "bus_unavailable", "Logins cannot be kept now");
        } else if (back->flow.target == kShowCode) {
          back->call->reply(200, Json::object({{"code", *code}, {"expires_in", kCodeSeconds}}),
                            kNoStore);
        } else {
          go(auth, back, {{"code", *code}});
        }
      });
}

void mail_link(const Auth& auth, const User& user, const std::string& provider,
               const std::string& code) {
  const std::string link = link_to(auth.settings(), "link-account", code);
  const std::string text =
      "Hello " + user.display_name + ",\n\nsomebody signed in with " + provider +
      " and your e-mail address. To reach your account that way from now on, " +
      (link.empty() ? "enter this code:\n\n" + code : "open this link:\n\n" + link) +
      "\n\nIf it was not you, nothing has to be done.\n";
  const std::string subject = "Sign in with " + provider;
  const auto* mail = auth.mail();
  if (mail->send(mail->instance, sdk::to_str(user.email), sdk::to_str(subject),
                 sdk::to_str(text)) != 0) {
    auth.host().warn("a mail about a link was not taken");
  }
}

void ask_by_mail(Auth& auth, const Shared& back) {
  mail_link(auth, back->entered.user, back->provider.title, back->entered.mail_code);
  go(auth, back, {{"error", "confirm_by_mail"}, {"provider", back->provider.name}});
}

void finish(Auth& auth, const Shared& back) {
  if (!back->entered.mail_code.empty()) {
    ask_by_mail(auth, back);
  } else if (!back->flow.link_user.empty()) {
    go(auth, back, {{"linked", back->provider.name}});
  } else if (back->tokens) {
    give_tokens(auth, back);
  } else {
    give_code(auth, back);
  }
}

Auth::Problem store(Auth& auth, const Shared& back, sdk::Transaction& transaction) {
  const Settings& settings = auth.oauth().settings();
  const LinkRules rules{settings.link_by_email, mail_is_on(auth), auth.settings().verify_ttl};
  back->login = {};
  if (auto problem = find_or_make(transaction, auth.invites(), auth.settings().names, rules,
                                  back->flow, *back->external, back->entered)) {
    return problem;
  }
  const User& user = back->entered.user;
  if (user.disabled) {
    return sdk::RestProblem{403, "account_disabled", "This account is disabled", {}, {}};
  }
  // A second factor is asked for when the code is exchanged.
  const auto factor = totp::find(transaction, user.id);
  back->tokens = settings.token_in_redirect && back->flow.link_user.empty() &&
                 back->entered.mail_code.empty() && back->flow.target != kShowCode &&
                 !(factor && factor->enabled);
  if (back->tokens) {
    back->login = auth.logins().begin(transaction, user, device_of(*back->call));
  }
  return std::nullopt;
}

void enter(Auth& auth, const Shared& back) {
  const auto problem = std::make_shared<Auth::Problem>();
  auth.transact(
      back->call,
      [&auth, back, problem](sdk::Transaction& transaction) -> Auth::Problem {
        *problem = store(auth, back, transaction);
        return *problem;
      },
      [&auth, back] { finish(auth, back); },
      [&auth, back](const sdk::RestProblem& said) { tell(auth, back, said); });
}

void identify(Auth& auth, const Shared& back) {
  back->known = auth.oauth().known(back->provider);
  in_background(
      auth, back->call,
      [&auth, back] {
        const Client client(back->provider, wall_clock(), auth.oauth().background().stopping());
        const auto learnt = client.learn(back->known);
        if (!learnt) {
          back->external = learnt.error();
          return;
        }
        if (!client.issuer_fits(back->known, (*back->call)["iss"].text_or())) {
          back->external = Error{"the answer names another issuer"};
          return;
        }
        back->external = client.identify(back->known, back->flow.secrets,
                                         (*back->call)["code"].text_or(), back->flow.redirect_uri);
      },
      [&auth, back] {
        auth.oauth().known(back->provider) = back->known;
        if (!back->external) {
          fail(auth, back->call, back->provider, back->external.error());
          return;
        }
        enter(auth, back);
      });
}

void go_on(Auth& auth, const Call& call, const Provider& provider,
           const std::optional<Json>& content) {
  const Flow flow = content ? Flow::from_json(*content) : Flow();
  const std::string cookie(call->cookie(kCookie));
  if (!content || flow.provider != provider.name || cookie.empty() ||
      !sdk::same_secret(flow.browser, sha256_hex(cookie))) {
    call->fail(refused("invalid_state", "This login was not begun here, or is over"));
    return;
  }
  const auto back = std::make_shared<Return>(call, provider, flow);
  if ((*call)["error"]) {
    const bool denied = (*call)["error"].as_text() == "access_denied";
    go(auth, back,
       {{"error", denied ? "access_denied" : "provider_error"}, {"provider", provider.name}});
    return;
  }
  if ((*call)["code"].as_text().empty()) {
    call->fail(refused("missing_parameter", "The provider has sent no code"));
    return;
  }
  identify(auth, back);
}

}  // namespace

void callback(Auth& auth, sdk::RestCall request) {
  const Provider* provider = provider_of(auth, request);
  if (provider == nullptr) {
    return;
  }
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  auth.oauth().tickets().redeem(kState, (*call)["state"].as_text(),
                                [&auth, call, provider](const std::optional<Json>& content) {
                                  go_on(auth, call, *provider, content);
                                });
}

}  // namespace cardea::auth::oauth
