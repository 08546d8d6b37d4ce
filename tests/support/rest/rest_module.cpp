// A module for tests of <cardea/rest.h>: things with a name and a size, and an identity service
// whose tokens say who somebody is ("user:alice").
#include <array>
#include <string>

#include <cardea/sdk/rest.hpp>

namespace {

using namespace cardea::sdk;
using cardea::Json;

class RestModule {
 public:
  static constexpr cardea_module_info_t kInfo = [] {
    cardea_module_info_t info{};
    info.version = 1;
    info.kind = "service";
    info.id = "test.rest";
    info.name = "REST for tests";
    info.version_text = "1";
    info.author = "Cardea";
    info.licence = "Apache-2.0";
    info.description = "Answers a few operations";
    return info;
  }();

  RestModule(const cardea_host_t& host, const Json& config);

  const void* get_interface(std::string_view id) noexcept {
    if (id == CARDEA_REST) {
      return rest_.table();
    }
    return id == CARDEA_IDENTITY ? &identity_ : nullptr;
  }
  [[nodiscard]] const RestTable<RestModule>& rest() const { return rest_; }

  void make(RestCall call) {
    Json thing = call.params();
    thing.set("owner", call.principal().id);
    call.reply(thing, {{"Location", call.base_url() + "/api/v1/things/1"}});
  }
  void show(RestCall call) {
    if (call["id"].as_int() == 404) {
      call.fail(
          {404, "no_thing", "There is no such thing", Json::object({{"id", call["id"]}}), {}});
      return;
    }
    call.reply(call.params());
  }
  void latest(RestCall call) { call.reply(Json::object({{"id", "latest"}})); }
  void drop(RestCall call) { call.reply(); }
  void picture(RestCall call) {
    call.reply(Json::object({{"bytes", call.body().size()}, {"type", call.body_type()}}));
  }
  void form(RestCall call) { call.reply(call.params()); }
  void forget(RestCall call) { static_cast<void>(call.params()); }
  void explode(RestCall call) {
    static_cast<void>(call.params());
    throw std::runtime_error("out of a handler");
  }
  void who(RestCall call) {
    call.reply(Json::object({{"address", call.remote_address()},
                             {"base", call.base_url()},
                             {"request", call.request_id()},
                             {"cookie", call.cookie("two")}}));
  }

 private:
  static int resolve(void* instance, cardea_str_t token, cardea_principal_t* out) {
    auto& self = *static_cast<RestModule*>(instance);
    self.token_ = to_view(token);
    const std::size_t colon = self.token_.find(':');
    const std::string kind = self.token_.substr(0, colon);
    constexpr std::array kKinds{"nobody", "guest", "user", "moderator", "admin"};
    for (std::size_t rank = 1; rank < kKinds.size() && colon != std::string::npos; ++rank) {
      if (kind == kKinds[rank]) {
        out->rank = static_cast<cardea_rank_t>(rank);
        out->id = out->name = to_str(std::string_view(self.token_).substr(colon + 1));
        return 0;
      }
    }
    return -1;
  }

  Host host_;
  std::string token_;
  cardea_identity_t identity_;
  RestTable<RestModule> rest_;
};

constexpr cardea_param_t kTag = param::text("", 8);
constexpr std::array kThing{
    param::required(param::text("name", 20, "what it is called")),
    param::integer("size", 1, 5),
    param::array("tags", 3, {&kTag, 1}),
};
constexpr std::array kOne{param::required(param::id("id")), param::boolean("full")};
constexpr cardea_param_t kThingResult = param::object("thing", kThing);
constexpr std::array kJic{"jic POST /api/things/form", "jic GET /old/{id}",
                          static_cast<const char*>(nullptr)};

using Operation = RestOperation<RestModule>;
constexpr std::array kOperations{
    Operation{.id = "things.make",
              .method = "POST",
              .path = "/things",
              .handle = rest_method<&RestModule::make>(),
              .params = kThing,
              .status = 201,
              .result = &kThingResult,
              .help = "Makes a thing"},
    Operation{.id = "things.show",
              .method = "GET",
              .path = "/things/{id}",
              .handle = rest_method<&RestModule::show>(),
              .access = CARDEA_RANK_NOBODY,
              .params = kOne,
              .result = &kThingResult,
              .help = "Shows a thing"},
    Operation{.id = "things.latest",
              .method = "GET",
              .path = "/things/latest",
              .handle = rest_method<&RestModule::latest>(),
              .access = CARDEA_RANK_NOBODY,
              .help = "Shows the latest"},
    Operation{.id = "things.drop",
              .method = "DELETE",
              .path = "/things/{id}",
              .handle = rest_method<&RestModule::drop>(),
              .access = CARDEA_RANK_ADMIN,
              .params = kOne,
              .status = 204,
              .help = "Drops a thing"},
    Operation{.id = "things.picture",
              .method = "PUT",
              .path = "/things/{id}/picture",
              .handle = rest_method<&RestModule::picture>(),
              .params = kOne,
              .help = "Takes a picture",
              .max_body = 32'768,
              .body_types = "image/png|image/jpeg"},
    Operation{.id = "things.form",
              .method = "POST",
              .path = "/things/form",
              .handle = rest_method<&RestModule::form>(),
              .access = CARDEA_RANK_GUEST,
              .params = kThing,
              .help = "Takes a form",
              .aliases = kJic.data(),
              .body_types = "form"},
    Operation{.id = "things.limited",
              .method = "GET",
              .path = "/limited",
              .handle = rest_method<&RestModule::latest>(),
              .access = CARDEA_RANK_NOBODY,
              .help = "May be asked twice in ten minutes",
              .limit = "limited"},
    Operation{.id = "things.forgotten",
              .method = "GET",
              .path = "/forgotten",
              .handle = rest_method<&RestModule::forget>(),
              .access = CARDEA_RANK_NOBODY,
              .help = "Never answers"},
    Operation{.id = "things.exploding",
              .method = "GET",
              .path = "/exploding",
              .handle = rest_method<&RestModule::explode>(),
              .access = CARDEA_RANK_NOBODY,
              .help = "Throws"},
    Operation{.id = "things.who",
              .method = "GET",
              .path = "/who",
              .handle = rest_method<&RestModule::who>(),
              .access = CARDEA_RANK_NOBODY,
              .help = "What is known of the client",
              .uncounted = true},
};

RestModule::RestModule(const cardea_host_t& host, const Json& /*config*/)
    : host_(host),
      identity_{sizeof identity_, this, &resolve},
      rest_(host_, kOperations, {*rest_limit("limited", "2/10m")}) {}

}  // namespace

CARDEA_MODULE(RestModule);
