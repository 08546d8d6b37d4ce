// Requests about people: the list of them, settings, blocks, pictures.
#include <cstdint>
#include <ctime>
#include <memory>

#include <cardea/sdk/rest_database.hpp>

#include "plugins/profiles/avatar.hpp"
#include "plugins/profiles/operations.hpp"
#include "plugins/profiles/plugin.hpp"

namespace cardea::profiles {

namespace {

constexpr std::int64_t kOnlineSeconds = 300;
constexpr std::size_t kLargestSettings = 16'384;

sdk::RestOutcome no_such_user() { return {404, "no_such_user", "There is no such account"}; }

bool is_account(sdk::Transaction& transaction, const std::string& id) {
  return !transaction.execute("SELECT 1 FROM users WHERE id = $1", id).rows.empty();
}

Json show_user(const sdk::SqlRow& row) {
  return Json::object({{"id", row[0].as_text()},
                       {"username", row[1].as_text()},
                       {"display_name", row[2].as_text()},
                       {"last_seen", row[3].as_int()}});
}

sdk::RestOutcome list_users(sdk::Transaction& transaction, std::int64_t limit,
                            std::int64_t offset) {
  const auto rows = transaction.execute(
      "SELECT id, username, display_name, last_seen FROM users WHERE disabled = 0"
      " ORDER BY last_seen DESC, id LIMIT $1 OFFSET $2",
      limit, offset);
  Json users = Json::array();
  for (const sdk::SqlRow& row : rows.rows) {
    users.push(show_user(row));
  }
  const auto total = transaction.execute("SELECT count(*) FROM users WHERE disabled = 0");
  return Json::object({{"users", users}, {"total", total.value().as_int()}});
}

sdk::RestOutcome add_block(sdk::Transaction& transaction, const std::string& user,
                           const std::string& other) {
  if (!is_account(transaction, other)) {
    return no_such_user();
  }
  const auto count =
      transaction.execute("SELECT count(*) FROM user_blocks WHERE user_id = $1", user);
  if (count.value().as_int() >= kMostBlocks) {
    return {409, "too_many_blocks", "You block as many as can be"};
  }
  transaction.execute(
      "INSERT INTO user_blocks (user_id, blocked_id, created_at) VALUES ($1, $2, $3)"
      " ON CONFLICT DO NOTHING",
      user, other, std::time(nullptr));
  return {};
}

}  // namespace

void Profiles::directory(sdk::RestCall call) {
  if (!directory_) {
    call.fail(404, "directory_off", "This server has no list of its accounts");
    return;
  }
  answer_from(
      database_, std::move(call),
      [limit = call["limit"].as_int(100), offset = call["offset"].as_int()](
          sdk::Transaction& transaction) { return list_users(transaction, limit, offset); },
      nullptr,
      [this, viewer = call.principal().id](Json& answer) {
        const Json users = answer["users"];
        for (std::size_t i = 0; i < users.size(); ++i) {
          Json user = users.at(i);
          user.set("is_online",
                   is_online(viewer, user["id"].as_text(), user["last_seen"].as_int()));
        }
      });
}

// Without presence: who was seen within five minutes.
bool Profiles::is_online(std::string_view viewer, std::string_view user,
                         std::int64_t last_seen) const {
  if (presence_ == nullptr) {
    return last_seen + kOnlineSeconds > std::time(nullptr);
  }
  return presence_->is_online(presence_->instance, sdk::to_str(viewer), sdk::to_str(user)) != 0;
}

void Profiles::show_settings(sdk::RestCall call) {
  answer_from(database_, std::move(call),
              [user = call.principal().id](sdk::Transaction& transaction) -> sdk::RestOutcome {
                const auto found =
                    transaction.execute("SELECT data FROM user_settings WHERE user_id = $1", user);
                const auto data = Json::parse(found.value().as_text());
                return data ? *data : Json::object();
              });
}

void Profiles::put_settings(sdk::RestCall call) {
  const std::string data = call.params().dump();
  if (data.size() > kLargestSettings) {
    call.fail(413, "too_large", "Settings should have at most 16384 bytes");
    return;
  }
  answer_from(
      database_, std::move(call),
      [user = call.principal().id, data](sdk::Transaction& transaction) -> sdk::RestOutcome {
        transaction.execute(
            "INSERT INTO user_settings (user_id, data) VALUES ($1, $2)"
            " ON CONFLICT (user_id) DO UPDATE SET data = excluded.data",
            user, data);
        const auto stored = Json::parse(data);
        return stored ? *stored : Json::object();
      });
}

void Profiles::block(sdk::RestCall call) {
  const std::string user = call.principal().id;
  const std::string other = call["id"].text_or();
  if (user == other) {
    call.fail(400, "own_account", "You cannot block yourself");
    return;
  }
  answer_from(database_, std::move(call), [user, other](sdk::Transaction& transaction) {
    return add_block(transaction, user, other);
  });
}

void Profiles::unblock(sdk::RestCall call) {
  answer_from(database_, std::move(call),
              [user = call.principal().id,
               other = call["id"].text_or()](sdk::Transaction& transaction) -> sdk::RestOutcome {
                const auto gone = transaction.execute(
                    "DELETE FROM user_blocks WHERE user_id = $1 AND blocked_id = $2", user, other);
                if (gone.changed == 0) {
                  return {404, "not_blocked", "You do not block that account"};
                }
                return {};
              });
}

void Profiles::list_blocks(sdk::RestCall call) {
  answer_from(database_, std::move(call),
              [user = call.principal().id](sdk::Transaction& transaction) -> sdk::RestOutcome {
                const auto rows = transaction.execute(
                    "SELECT u.id, u.username, b.created_at FROM user_blocks b"
                    " JOIN users u ON u.id = b.blocked_id WHERE b.user_id = $1"
                    " ORDER BY b.created_at DESC, u.id LIMIT $2",
                    user, kMostBlocks);
                Json blocks = Json::array();
                for (const sdk::SqlRow& row : rows.rows) {
                  blocks.push(Json::object({{"id", row[0].as_text()},
                                            {"username", row[1].as_text()},
                                            {"created_at", row[2].as_int()}}));
                }
                return Json::object({{"blocks", blocks}});
              });
}

void Profiles::put_avatar(sdk::RestCall call) {
  struct Drawing {
    sdk::RestCall call;
    Result<std::string> png = Error{"not drawn"};
  };
  const auto drawing = std::make_shared<Drawing>(Drawing{std::move(call)});
  const bool taken = background_.run(
      [drawing] { drawing->png = draw_avatar(drawing->call.body()); },
      [this, drawing] {
        if (!drawing->png) {
          drawing->call.fail(400, "bad_picture", drawing->png.error().message);
          return;
        }
        const std::string user = drawing->call.principal().id;
        answer_from(database_, std::move(drawing->call),
                    [user, png = sdk::SqlBlob{*drawing->png}](
                        sdk::Transaction& transaction) -> sdk::RestOutcome {
                      transaction.execute(
                          "INSERT INTO user_avatars (user_id, image) VALUES ($1, $2)"
                          " ON CONFLICT (user_id) DO UPDATE SET image = excluded.image",
                          user, png);
                      return {};
                    });
      });
  if (!taken) {
    drawing->call.fail({503, "busy", "Too many pictures wait", {}, {{"Retry-After", "5"}}});
  }
}

void Profiles::drop_avatar(sdk::RestCall call) {
  answer_from(database_, std::move(call),
              [user = call.principal().id](sdk::Transaction& transaction) -> sdk::RestOutcome {
                transaction.execute("DELETE FROM user_avatars WHERE user_id = $1", user);
                return {};
              });
}

void Profiles::show_avatar(sdk::RestCall call) {
  const auto image = std::make_shared<std::string>();
  const auto held = std::make_shared<sdk::RestCall>(std::move(call));
  const bool taken = database_.run(
      [image, id = (*held)["id"].text_or()](sdk::Transaction& transaction) {
        *image = transaction.execute("SELECT image FROM user_avatars WHERE user_id = $1", id)
                     .value()
                     .as_text();
        return sdk::Database::End::Commit;
      },
      [image, held](cardea_sql_status_t status) {
        if (status != CARDEA_SQL_OK) {
          held->fail(sdk::database_problem(status));
        } else if (image->empty()) {
          held->fail(404, "no_picture", "There is no such picture");
        } else {
          held->reply_text("image/png", *image, {{"Cache-Control", "public, max-age=300"}});
        }
      });
  if (!taken) {
    held->fail(sdk::database_problem(CARDEA_SQL_UNAVAILABLE));
  }
}

}  // namespace cardea::profiles
