#include "plugins/profiles/plugin.hpp"

#include <stdexcept>

#include <cardea/sdk/rest_database.hpp>

#include "plugins/profiles/operations.hpp"
#include "plugins/profiles/schema.hpp"
#include "plugins/profiles/store.hpp"
#include "plugins/profiles/words.hpp"

namespace cardea::profiles {

namespace {

constexpr const char* kRequires[] = {CARDEA_DATABASE_MODULE, "cardea.plugin.auth",
                                     "?" CARDEA_PRESENCE_MODULE, nullptr};

std::vector<cardea_rest_limit_t> read_limits(const Json& section) {
  std::vector<cardea_rest_limit_t> out;
  const auto add = [&](const char* name, const char* key) {
    const auto limit = sdk::rest_limit(name, section[key].as_text());
    if (!limit) {
      throw std::runtime_error(std::string("[profiles] ") + key +
                               ": wants a text such as 20/m, or 0");
    }
    out.push_back(*limit);
  };
  add("search", "limit_search");
  add("profile_write", "limit_write");
  return out;
}

sdk::RestOutcome no_profile() { return {404, "no_profile", "There is no such profile"}; }

}  // namespace

constexpr cardea_module_info_t Profiles::kInfo = {
    .size = 0,
    .abi_major = 0,
    .version = 1,
    .kind = "service",
    .id = "cardea.plugin.profiles",
    .name = "Profiles",
    .version_text = "0.1.0",
    .author = "Cardea",
    .licence = "Apache-2.0",
    .description = "What people tell of themselves, and how they are found",
    .aliases = nullptr,
    .requires_ids = kRequires,
    .config_keys = kConfigKeys.data(),
    .config_key_count = kConfigKeys.size(),
    .create = nullptr,
    .destroy = nullptr,
    .get_interface = nullptr,
};

Profiles::Profiles(const cardea_host_t& host, const Json& config)
    : host_(host),
      directory_(config["profiles"]["directory"].as_bool()),
      database_(host_),
      background_(host_, {.threads = 1, .queue = 20}),
      presence_(host_.get_interface<cardea_presence_t>(CARDEA_PRESENCE)),
      rest_(host_, kOperations, read_limits(config["profiles"])) {}

const void* Profiles::get_interface(std::string_view id) noexcept {
  if (id == CARDEA_REST) {
    return rest_.table();
  }
  return id == CARDEA_SCHEMA ? &kSchema : nullptr;
}

void Profiles::show_own(sdk::RestCall call) {
  answer_from(database_, std::move(call),
              [user = call.principal().id](sdk::Transaction& transaction) -> sdk::RestOutcome {
                const auto profile = store::of_user(transaction, user);
                return profile ? sdk::RestOutcome(show_profile(*profile, true)) : no_profile();
              });
}

void Profiles::put_own(sdk::RestCall call) {
  Profile profile;
  if (const auto problem = read_profile(call, profile)) {
    call.fail(*problem);
    return;
  }
  answer_from(database_, std::move(call),
              [profile](sdk::Transaction& transaction) -> sdk::RestOutcome {
                store::put(transaction, profile);
                const auto stored = store::of_user(transaction, profile.user_id);
                return stored ? sdk::RestOutcome(show_profile(*stored, true)) : no_profile();
              });
}

void Profiles::show_other(sdk::RestCall call) {
  answer_from(database_, std::move(call),
              [id = call["node_id"].text_or()](sdk::Transaction& transaction) -> sdk::RestOutcome {
                const auto profile = store::public_one(transaction, id);
                return profile ? sdk::RestOutcome(show_profile(*profile, false)) : no_profile();
              });
}

void Profiles::search(sdk::RestCall call) {
  store::Search wanted;
  wanted.words = words_of(call["q"].as_text());
  wanted.min_level = call["min_level"].as_int(1);
  wanted.limit = call["limit"].as_int(kMostFound);
  wanted.offset = call["offset"].as_int();
  if (wanted.words.empty() || wanted.words.size() > store::kMostWords) {
    call.fail(400, "invalid_parameter", "q should have 1 to 4 words of letters and digits");
    return;
  }
  answer_from(database_, std::move(call),
              [wanted](sdk::Transaction& transaction) -> sdk::RestOutcome {
                const auto found = store::search(transaction, wanted);
                Json results = Json::array();
                for (const Profile& profile : found.profiles) {
                  Json shown = show_profile(profile, false);
                  for (const char* more : {"compute", "p2p_uri_hint", "updated_at"}) {
                    shown.remove(more);
                  }
                  results.push(shown);
                }
                return Json::object({{"results", results}, {"total", found.total}});
              });
}

CARDEA_MODULE(Profiles);

}  // namespace cardea::profiles
