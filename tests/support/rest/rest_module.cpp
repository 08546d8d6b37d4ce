// A module for tests of <cardea/rest.h>: things with a name and a size, and an identity service
// whose tokens say who somebody is ("user:alice").
#include <array>
#include <map>
#include <string>
#include <vector>

#include <cardea/sdk/rest.hpp>

namespace {

using namespace cardea::sdk;
using cardea::Json;

// Where it stands in for the module of accounts.
constexpr const char* kAliases[] = {"cardea.plugin.auth", nullptr};

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
    info.aliases = kAliases;
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
  void socket(RestCall call) {
    if (call.principal().name == "banned") {
      call.fail(403, "banned", "Not you");
    } else if (const auto made = call.accept(*sockets_, kSocketEvents, this); made != 0) {
      names_[made] = call.principal().name;
    } else {
      call.fail(426, "upgrade_required", "This is a WebSocket");
    }
  }
  void stream(RestCall call) {
    const RestHeaders headers{{"Content-Type", "text/event-stream"}};
    if (const auto stream = call.begin_stream(headers); stream != 0) {
      streams_.push_back(stream);
      write(stream, ":ok\n\n");
    }
  }
  void push(RestCall call) {
    for (const cardea_rest_call_t stream : std::vector(streams_)) {
      write(stream, "data: " + call["text"].text_or() + "\n\n");
    }
    call.reply(Json::object({{"streams", streams_.size()}, {"sockets", names_.size()}}));
  }
  void stream_gone(cardea_rest_call_t stream) { std::erase(streams_, stream); }
  void who(RestCall call) {
    call.reply(Json::object({{"address", call.remote_address()},
                             {"base", call.base_url()},
                             {"request", call.request_id()},
                             {"cookie", call.cookie("two")}}));
  }

 private:
  static RestModule& self(void* argument) { return *static_cast<RestModule*>(argument); }
  static void socket_opened(void* argument, cardea_socket_t socket) {
    self(argument).tell(socket, "hello " + self(argument).names_[socket]);
  }
  static void socket_message(void* argument, cardea_socket_t socket, cardea_str_t text) {
    if (to_view(text) == "bye") {
      self(argument).sockets_->close(self(argument).host_.context(), socket, 1008,
                                     to_str("as you wish"));
    }
    self(argument).tell(socket, "you said " + std::string(to_view(text)));
  }
  static void socket_closed(void* argument, cardea_socket_t socket) {
    self(argument).names_.erase(socket);
  }
  static constexpr cardea_socket_events_t kSocketEvents{
      sizeof(cardea_socket_events_t), &socket_opened, &socket_message, &socket_closed};

  void tell(cardea_socket_t socket, const std::string& text) {
    sockets_->send(host_.context(), socket, to_str(text));
  }
  void write(cardea_rest_call_t stream, const std::string& text) {
    if (answers_->stream_write(host_.context(), stream, to_str(text)) < 0) {
      std::erase(streams_, stream);
    }
  }

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
        out->session = out->id;
        out->expires = std::int64_t{1} << 40;
        return 0;
      }
    }
    return -1;
  }

  Host host_;
  const cardea_rest_host_t* answers_;
  const cardea_sockets_t* sockets_;
  std::map<cardea_socket_t, std::string> names_;
  std::vector<cardea_rest_call_t> streams_;
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
constexpr std::array kPush{param::text("text", 100)};
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
    Operation{.id = "things.socket",
              .method = "GET",
              .path = "/socket",
              .handle = rest_method<&RestModule::socket>(),
              .status = 101,
              .help = "A WebSocket that repeats",
              .query_token = true},
    Operation{.id = "things.stream",
              .method = "GET",
              .path = "/stream",
              .handle = rest_method<&RestModule::stream>(),
              .help = "A stream of what is pushed",
              .query_token = true},
    Operation{.id = "things.push",
              .method = "POST",
              .path = "/push",
              .handle = rest_method<&RestModule::push>(),
              .params = kPush,
              .help = "Writes to the streams"},
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
      answers_(host_.get_interface<cardea_rest_host_t>(CARDEA_REST_HOST)),
      sockets_(host_.get_interface<cardea_sockets_t>(CARDEA_SOCKETS)),
      identity_{sizeof identity_, this, &resolve},
      rest_(host_, kOperations, {*rest_limit("limited", "2/10m")}) {}

}  // namespace

CARDEA_MODULE(RestModule);
