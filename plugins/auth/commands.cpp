#include "plugins/auth/commands.hpp"

#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/auth/auth.hpp"
#include "plugins/auth/crypto.hpp"
#include "plugins/auth/registration.hpp"
#include "plugins/auth/room_tokens.hpp"
#include "plugins/auth/teams.hpp"

namespace cardea::auth {

namespace {

constexpr int kRefused = 1;
constexpr int kMisused = 2;
constexpr std::int64_t kTokenTtl = 6 * 3600;  // seconds

/// One command under way: its words, and how it ends.
class Command {
 public:
  Command(Auth& the_auth, const cardea_str_t* arguments, std::size_t count, void* call,
          cardea_command_finish_t finish)
      : auth(the_auth), call_(call), finish_(finish) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string word(sdk::to_view(arguments[i]));
      if (!word.starts_with("--")) {
        words.push_back(word);
      } else if (i + 1 < count && !sdk::to_view(arguments[i + 1]).starts_with("--")) {
        options[word.substr(2)] = sdk::to_view(arguments[++i]);
      } else {
        options[word.substr(2)] = "";
      }
    }
  }
  void end(int code, const std::string& text) const { finish_(call_, code, sdk::to_str(text)); }

  Auth& auth;
  std::vector<std::string> words;
  std::map<std::string, std::string> options;

 private:
  void* call_;
  cardea_command_finish_t finish_;
};
using Shared = std::shared_ptr<Command>;

// Text to be shown, or why not.
using Outcome = Result<std::string>;

void transact(const Shared& command, std::function<Outcome(sdk::Transaction&)> work) {
  const auto outcome = std::make_shared<Outcome>(std::string());
  const bool taken = command->auth.database().run(
      [outcome, work = std::move(work)](sdk::Transaction& transaction) {
        *outcome = work(transaction);
        return *outcome ? sdk::Database::End::Commit : sdk::Database::End::RollBack;
      },
      [command, outcome](cardea_sql_status_t status) {
        if (status != CARDEA_SQL_OK) {
          command->end(kRefused, "the database failed, see the log above");
        } else if (*outcome) {
          command->end(0, **outcome);
        } else {
          command->end(kRefused, outcome->error().message);
        }
      });
  if (!taken) {
    command->end(kRefused, "the database is too busy");
  }
}

// With the hash of the password that was given, or of one that is made and told.
void with_password(const Shared& command,
                   std::function<void(const std::string& record, const std::string& told)> next) {
  const auto given = command->options.find("password");
  const std::string password = given == command->options.end() ? random_token(15) : given->second;
  const std::string told = given == command->options.end() ? "\npassword: " + password : "";
  if (const auto bad = check_password(password, command->auth.settings().passwords)) {
    command->end(kMisused, bad->detail);
    return;
  }
  const bool taken = command->auth.hasher().hash(
      password, [command, told, next = std::move(next)](const Hasher::Outcome& outcome) {
        if (outcome.record.empty()) {
          command->end(kRefused, "no memory for the hash");
        } else {
          next(outcome.record, told);
        }
      });
  if (!taken) {
    command->end(kRefused, "too many hashes wait");
  }
}

// Whoever has the command line needs no invitation.
Outcome make_user(const Auth& auth, sdk::Transaction& transaction, User user) {
  const bool admin = user.is_admin;
  Applicant applicant;
  applicant.user = std::move(user);
  if (const auto failed = make_account(transaction, nullptr, applicant)) {
    return Error{failed->detail};
  }
  const auto* invites = auth.invites();
  if (invites != nullptr &&
      invites->grant(invites->instance, transaction.raw(), sdk::to_str(applicant.user.id)) != 0) {
    return Error{"the invitations failed"};
  }
  if (admin) {
    users::set_flag(transaction, applicant.user.id, users::Flag::Admin, true);
  }
  return applicant.user.id;
}

void create(const Shared& command) {
  if (command->words.size() != 1) {
    command->end(kMisused, "admin create wants a user name");
    return;
  }
  User user;
  user.username = user.display_name = command->words.front();
  user.email = command->options.contains("email") ? command->options["email"] : "";
  user.email_verified = !user.email.empty();
  user.is_admin = true;
  auto bad = check_username(user.username, {command->auth.settings().names.longest, {}});
  bad = bad || user.email.empty() ? bad : check_email(user.email);
  if (bad) {
    command->end(kMisused, bad->detail);
    return;
  }
  with_password(command, [command, user](const std::string& record, const std::string& told) {
    User made = user;
    made.password_hash = record;
    transact(command, [command, made, told](sdk::Transaction& transaction) -> Outcome {
      const auto id = make_user(command->auth, transaction, made);
      return id ? Outcome("administrator " + made.username + " made" + told) : id;
    });
  });
}

// Of the account that the first word names.
void change(const Shared& command, std::function<Outcome(sdk::Transaction&, const User&)> work) {
  if (command->words.size() != 1) {
    command->end(kMisused, "the name of one account is wanted");
    return;
  }
  const std::string name = command->words.front();
  transact(command, [name, work = std::move(work)](sdk::Transaction& transaction) -> Outcome {
    const auto user = users::by_login(transaction, name);
    return user ? work(transaction, *user) : Outcome(Error{"there is no account " + name});
  });
}

void promote(const Shared& command) {
  change(command, [command](sdk::Transaction& transaction, const User& user) -> Outcome {
    std::vector<Revocation> ended;
    users::set_flag(transaction, user.id, users::Flag::Admin, true);
    command->auth.logins().outdate(transaction, user.id, ended);
    return user.username + " is an administrator";
  });
}

void reset_password(const Shared& command) {
  with_password(command, [command](const std::string& record, const std::string& told) {
    change(command,
           [command, record, told](sdk::Transaction& transaction, const User& user) -> Outcome {
             std::vector<Revocation> ended;
             users::set_password(transaction, user.id, record);
             command->auth.logins().end_all(transaction, user.id, {}, ended);
             return "the password of " + user.username + " is another one now" + told;
           });
  });
}

Outcome seed_all(const Auth& auth, sdk::Transaction& transaction, const std::string& record) {
  if (users::count(transaction) != 0) {
    return Error{"there are accounts already"};
  }
  std::string team;
  for (const char* name : {"Michael", "Dwight"}) {
    User user;
    user.username = folded(name);
    user.display_name = name;
    user.email = user.username + "@dundermifflin.com";
    user.email_verified = true;
    user.password_hash = record;
    auto id = make_user(auth, transaction, user);
    if (!id) {
      return id;
    }
    user.id = *id;
    if (team.empty()) {
      teams::make_own(transaction, user);
      team = teams::of_user(transaction, user.id)->team;
    } else {
      teams::join(transaction, user.id, team);
    }
  }
  return std::string(
      "made michael@dundermifflin.com and dwight@dundermifflin.com, password hoppless");
}

void seed(const Shared& command) {
  if (!command->options.contains("dev")) {
    command->end(kMisused, "seed wants --dev: it makes accounts whose password everybody knows");
    return;
  }
  command->options["password"] = "hoppless";
  with_password(command, [command](const std::string& record, const std::string& /*told*/) {
    transact(command, [command, record](sdk::Transaction& transaction) {
      return seed_all(command->auth, transaction, record);
    });
  });
}

// The API key that signs is the first one, which is made when there is none.
void token(const Shared& command) {
  auto& options = command->options;
  if (!options.contains("room") || !options.contains("identity")) {
    command->end(kMisused, "token wants --room ROOM --identity WHO [--name NAME] [--admin]");
    return;
  }
  room_tokens::Grant grant{options["identity"], options["name"], {}, {}, {}};
  grant.video = Json::object({{"room", options["room"]}, {"roomJoin", true}});
  if (options.contains("admin")) {
    grant.video.set("roomAdmin", true);
  }
  transact(command, [grant](sdk::Transaction& transaction) -> Outcome {
    auto key = room_tokens::first_key(transaction);
    key = key ? key : room_tokens::make_key(transaction, "made by cardea token");
    return room_tokens::make(*key, grant, wall_clock(), kTokenTtl);
  });
}

template <void (*Run)(const Shared&)>
void enter(void* instance, const cardea_str_t* arguments, size_t count, void* call,
           cardea_command_finish_t finish) {
  auto& auth = *static_cast<Auth*>(instance);
  const auto command = std::make_shared<Command>(auth, arguments, count, call, finish);
  sdk::guarded(auth.host(), "command", [&] { Run(command); });
}

constexpr std::array kCommands{
    cardea_command_t{"admin create", "NAME [--email ADDRESS] [--password PASSWORD]",
                     "makes an administrator", &enter<create>},
    cardea_command_t{"admin promote", "NAME", "makes an administrator of an account",
                     &enter<promote>},
    cardea_command_t{"admin reset-password", "NAME [--password PASSWORD]",
                     "gives an account another password", &enter<reset_password>},
    cardea_command_t{"seed", "--dev", "makes two accounts for development in an empty database",
                     &enter<seed>},
    cardea_command_t{"token", "--room ROOM --identity WHO [--name NAME] [--admin]",
                     "makes a room token, good for 6 hours", &enter<token>},
};

constexpr cardea_commands_t kTable{sizeof kTable, kCommands.data(), kCommands.size()};

}  // namespace

const cardea_commands_t* commands() { return &kTable; }

}  // namespace cardea::auth
