#include "plugins/invites/plugin.hpp"

#include <cardea/sdk/rest_database.hpp>

#include "plugins/invites/codes.hpp"
#include "plugins/invites/command.hpp"
#include "plugins/invites/operations.hpp"
#include "plugins/invites/schema.hpp"

namespace cardea::invites {

namespace {

constexpr std::uint32_t kFirstPurge = 1000;  // milliseconds
constexpr std::uint32_t kPurgeEvery = 3'600'000;
constexpr std::int64_t kDay = 86'400;
constexpr const char* kRequires[] = {CARDEA_DATABASE_MODULE, nullptr};

Settings read_settings(const Json& section) {
  return {section["required"].as_bool(), static_cast<int>(section["per_user"].as_int()),
          section["code_days"].as_int() * kDay};
}

Page page_of(const sdk::RestCall& call) {
  return {call["limit"].as_int(50), call["offset"].as_int()};
}

Json show(const Code& code, const std::string& base_url) {
  Json out = Json::object({
      {"id", code.id},
      {"code", code.code},
      {"url", base_url + "/register?invite=" + code.code},
      {"note", code.note},
      {"used", code.uses >= code.max_uses},
      {"uses", code.uses},
      {"max_uses", code.max_uses},
      {"created_at", code.created_at},
  });
  if (code.used_by) {
    out.set("used_by", *code.used_by);
  }
  if (code.expires_at) {
    out.set("expires_at", *code.expires_at);
  }
  return out;
}

Json show_all(const std::vector<Code>& codes, const std::string& base_url) {
  Json out = Json::array();
  for (const Code& code : codes) {
    out.push(show(code, base_url));
  }
  return out;
}

}  // namespace

constexpr cardea_module_info_t Invites::kInfo = {
    .size = 0,
    .abi_major = 0,
    .version = 1,
    .kind = "service",
    .id = CARDEA_INVITES_MODULE,
    .name = "Registration codes",
    .version_text = "0.1.0",
    .author = "Cardea",
    .licence = "Apache-2.0",
    .description = "Codes that let somebody register",
    .aliases = nullptr,
    .requires_ids = kRequires,
    .config_keys = kConfigKeys.data(),
    .config_key_count = kConfigKeys.size(),
    .create = nullptr,
    .destroy = nullptr,
    .get_interface = nullptr,
};

struct Invites::Service {
  static int required(void* instance) {
    return static_cast<Invites*>(instance)->settings_.required ? 1 : 0;
  }
  static cardea_invite_status_t redeem(void* instance, cardea_transaction_t* transaction,
                                       cardea_str_t code, cardea_str_t user) {
    return within(instance, transaction, "redeem", CARDEA_INVITE_FAILED, [&](Codes& codes) {
      return codes.redeem(sdk::to_view(code), sdk::to_view(user));
    });
  }
  static int grant(void* instance, cardea_transaction_t* transaction, cardea_str_t user) {
    const Settings& settings = static_cast<Invites*>(instance)->settings_;
    return within(instance, transaction, "grant", -1, [&](Codes& codes) {
      NewCodes wanted;
      wanted.owner = sdk::to_view(user);
      wanted.count = settings.per_user;
      wanted.lifetime = settings.lifetime;
      return codes.make(wanted) ? 0 : -1;
    });
  }
  static int forget(void* instance, cardea_transaction_t* transaction, cardea_str_t user) {
    return within(instance, transaction, "forget", -1,
                  [&](Codes& codes) { return codes.forget(sdk::to_view(user)) ? 0 : -1; });
  }

  template <typename T, typename Call>
  static T within(void* instance, cardea_transaction_t* transaction, const char* where, T failed,
                  Call&& call) {
    auto& self = *static_cast<Invites*>(instance);
    return sdk::guarded(self.host_, where, failed, [&] {
      sdk::Transaction open(*self.database_table_, transaction);
      Codes codes(open);
      return call(codes);
    });
  }
};

Invites::Invites(const cardea_host_t& host, const Json& config)
    : host_(host),
      settings_(read_settings(config["invites"])),
      database_(host_),
      database_table_(host_.get_interface<cardea_database_t>(CARDEA_DATABASE)),
      timers_(host_.get_interface<cardea_feature_host_t>(CARDEA_FEATURE_HOST)),
      service_{sizeof service_, this, &Service::required, &Service::redeem, &Service::grant,
               &Service::forget},
      rest_(host_, kOperations, {}) {
  purge_later(kFirstPurge);
}

Invites::~Invites() { timers_->timer_cancel(host_.context(), timer_); }

const void* Invites::get_interface(std::string_view id) noexcept {
  if (id == CARDEA_INVITES) {
    return &service_;
  }
  if (id == CARDEA_SCHEMA) {
    return &kSchema;
  }
  if (id == CARDEA_COMMANDS) {
    return commands();
  }
  return id == CARDEA_REST ? rest_.table() : nullptr;
}

void Invites::purge_later(std::uint32_t milliseconds) {
  timer_ = timers_->timer_start(
      host_.context(), milliseconds, [](void* self) { static_cast<Invites*>(self)->purge(); },
      this);
}

void Invites::purge() {
  purge_later(kPurgeEvery);
  const auto gone = std::make_shared<std::int64_t>(0);
  const bool taken = database_.run(
      [gone](sdk::Transaction& transaction) {
        *gone = Codes(transaction).purge();
        return sdk::Database::End::Commit;
      },
      [this, gone](cardea_sql_status_t status) {
        if (status != CARDEA_SQL_OK) {
          host_.warn("expired codes could not be purged; again in an hour");
        } else if (*gone > 0) {
          host_.info(std::to_string(*gone) + " expired codes purged");
        }
      });
  if (!taken) {
    host_.warn("expired codes were not purged, too much waits; again in an hour");
  }
}

void Invites::required(sdk::RestCall call) {
  call.reply(Json::object({{"invite_required", settings_.required}}));
}

void Invites::list_own(sdk::RestCall call) {
  answer_from(database_, std::move(call),
              [owner = call.principal().id, page = page_of(call),
               base = call.base_url()](sdk::Transaction& transaction) -> sdk::RestOutcome {
                return show_all(Codes(transaction).owned_by(owner, page), base);
              });
}

void Invites::list_all(sdk::RestCall call) {
  answer_from(database_, std::move(call),
              [page = page_of(call),
               base = call.base_url()](sdk::Transaction& transaction) -> sdk::RestOutcome {
                Codes codes(transaction);
                const Json shown = show_all(codes.all(page), base);
                return Json::object({{"invites", shown}, {"total", codes.count()}});
              });
}

void Invites::make(sdk::RestCall call) {
  NewCodes wanted;
  wanted.note = call["note"].text_or();
  wanted.count = static_cast<int>(call["count"].as_int());
  wanted.max_uses = static_cast<int>(call["max_uses"].as_int(1));
  wanted.lifetime = call["expires_in_hours"].as_int() * 3600;
  answer_from(database_, std::move(call),
              [wanted, base = call.base_url()](sdk::Transaction& transaction) -> sdk::RestOutcome {
                const auto made = Codes(transaction).make(wanted);
                if (!made) {
                  return sdk::RestProblem{};
                }
                return Json::object({{"invites", show_all(*made, base)}});
              });
}

void Invites::revoke_own(sdk::RestCall call) { revoke(std::move(call), false); }
void Invites::revoke_any(sdk::RestCall call) { revoke(std::move(call), true); }

void Invites::revoke(sdk::RestCall call, bool any_owner) {
  std::optional<std::string> owner;
  if (!any_owner) {
    owner = call.principal().id;
  }
  answer_from(
      database_, std::move(call),
      [owner, id = call["id"].text_or()](sdk::Transaction& transaction) -> sdk::RestOutcome {
        if (!Codes(transaction).revoke(id, owner)) {
          return {404, "no_such_code", "There is no unused code with that id"};
        }
        return {};
      });
}

CARDEA_MODULE(Invites);

}  // namespace cardea::invites
