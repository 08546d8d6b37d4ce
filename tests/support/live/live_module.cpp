// A module for tests of <cardea/live.h>: tells events on request, lets sessions join topics, and
// notes what becomes of sessions.
#include <array>
#include <map>
#include <string>
#include <vector>

#include <cardea/live.h>
#include <cardea/sdk/rest.hpp>

namespace {

using namespace cardea::sdk;
using cardea::Json;

class LiveModule {
 public:
  static const cardea_module_info_t kInfo;

  LiveModule(const cardea_host_t& host, const Json& config);

  const void* get_interface(std::string_view id) noexcept {
    return id == CARDEA_REST ? rest_.table() : nullptr;
  }
  [[nodiscard]] const RestTable<LiveModule>& rest() const { return rest_; }

  void tell(RestCall call) {
    const std::string payload = Json::object({{"text", call["text"]}}).dump();
    const Json type = call["type"];
    const Json name = call["name"];
    const std::string to = call["to"].text_or();
    if (to == "user") {
      live_->to_user(live_->instance, to_str(name.as_text()), to_str(type.as_text()),
                     to_str(payload));
    } else if (to == "topic") {
      live_->to_topic(live_->instance, to_str(name.as_text()), to_str(type.as_text()),
                      to_str(payload));
    } else {
      live_->to_all(live_->instance, to_str(type.as_text()), to_str(payload));
    }
    call.reply();
  }
  void changes(RestCall call) {
    Json list = Json::array();
    for (const char* change : changes_[call["who"].text_or()]) {
      list.push(change);
    }
    call.reply(Json::object({{"changes", list}}));
  }

 private:
  static LiveModule& self(void* argument) { return *static_cast<LiveModule*>(argument); }
  static void changed(void* argument, cardea_live_session_t /*session*/,
                      const cardea_principal_t* who, cardea_live_change_t change) {
    constexpr std::array kNames{"began", "back", "away", "left", "ended"};
    self(argument).changes_[std::string(to_view(who->id))].push_back(
        kNames[static_cast<std::size_t>(change)]);
  }
  static void message(void* argument, cardea_live_session_t session,
                      const cardea_principal_t* /*who*/, cardea_str_t /*type*/,
                      cardea_str_t payload) {
    const auto* live = self(argument).live_;
    const auto parsed = Json::parse(to_view(payload));
    const std::string topic = (*parsed)["topic"].text_or();
    live->join(live->instance, session, to_str(topic));
    live->to_session(live->instance, session, to_str("joined"), to_str("{}"));
  }
  static constexpr cardea_live_listener_t kListener{sizeof(cardea_live_listener_t), &changed,
                                                    &message};

  Host host_;
  const cardea_live_t* live_;
  std::map<std::string, std::vector<const char*>> changes_;
  RestTable<LiveModule> rest_;
};

constexpr const char* kRequires[] = {CARDEA_LIVE_MODULE, nullptr};

constexpr cardea_module_info_t LiveModule::kInfo = [] {
  cardea_module_info_t info{};
  info.version = 1;
  info.kind = "service";
  info.id = "test.live";
  info.name = "Live events for tests";
  info.version_text = "1";
  info.author = "Cardea";
  info.licence = "Apache-2.0";
  info.description = "Tells events on request";
  info.requires_ids = kRequires;
  return info;
}();

constexpr std::array kTell{param::text("to", 8), param::text("name", 64), param::text("type", 64),
                           param::text("text", 64)};
constexpr std::array kWho{param::required(param::text("who", 64))};
constexpr std::array kChanges{param::required(param::array("changes", 1000))};
constexpr cardea_param_t kChangesResult = param::object("changes", kChanges);
using Operation = RestOperation<LiveModule>;
constexpr std::array kOperations{
    Operation{.id = "test.tell",
              .method = "POST",
              .path = "/tell",
              .handle = rest_method<&LiveModule::tell>(),
              .params = kTell,
              .status = 204,
              .help = "Tells an event"},
    Operation{.id = "test.changes",
              .method = "GET",
              .path = "/changes",
              .handle = rest_method<&LiveModule::changes>(),
              .params = kWho,
              .result = &kChangesResult,
              .help = "What became of a user's sessions"},
};

LiveModule::LiveModule(const cardea_host_t& host, const Json& /*config*/)
    : host_(host),
      live_(host_.get_interface<cardea_live_t>(CARDEA_LIVE)),
      rest_(host_, kOperations, {}) {
  constexpr std::array kTypes{"join_topic", static_cast<const char*>(nullptr)};
  live_->listen(live_->instance, &kListener, this, kTypes.data());
}

}  // namespace

CARDEA_MODULE(LiveModule);
