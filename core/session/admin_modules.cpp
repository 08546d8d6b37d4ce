// Admin API: requests to plugins, transports and event handlers.
#include <array>

#include <cardea/sdk/operation.hpp>
#include <cardea/sdk/text.hpp>

#include "core/session/admin.hpp"
#include "core/session/errors.hpp"
#include "core/session/operation.hpp"

namespace cardea::session {
namespace {

using Place = AdminRequest::Place;
namespace param = sdk::param;

constexpr cardea_param_t named(const char* member) {
  return param::required(param::text(member, 256));
}

constexpr std::array kPlugin{named("plugin"), param::object("request")};
constexpr std::array kTransport{named("transport"), param::object("request")};
constexpr std::array kHandler{named("handler"), param::object("request")};
constexpr std::array kCustomEvent{named("schema"), param::required(param::object("data"))};

/// A handle for one request, in a session that nobody else can name.
class BriefHandle {
 public:
  BriefHandle(Context& context, FeaturePort& feature, std::string name)
      : context_(context),
        session_(context.sessions.add(context.sessions.fresh_id(), context.clock())) {
    const HandleId id = context.sessions.fresh_id();
    handle_ = &context.sessions.add_handle(
        session_,
        std::make_unique<Handle>(id, session_.id, feature, std::move(name), context.engine));
    handle_->principal.kind = Principal::Kind::Admin;
    handle_->object = feature.attach(id);
  }
  ~BriefHandle() {
    // Out of the table first, so that the feature's last calls for it find nothing.
    const std::unique_ptr<Session> session = context_.sessions.take(session_.id);
    if (handle_->object != nullptr) {
      handle_->feature.detach(handle_->object);
    }
    handle_->negotiation.close();
    context_.requests.remove_all(*handle_);
  }
  BriefHandle(const BriefHandle&) = delete;
  BriefHandle& operator=(const BriefHandle&) = delete;

  [[nodiscard]] Handle& operator*() const { return *handle_; }
  [[nodiscard]] bool attached() const { return handle_->object != nullptr; }

 private:
  Context& context_;
  Session& session_;
  Handle* handle_;
};

/// An absent "request" is an empty one, as in Janus.
Json request_of(const VerbCall& call) {
  const Json request = call.message["request"];
  return request ? request : Json::object();
}

void answer(VerbCall& call, Json response) {
  admin_success(call, Json::object({{"response", std::move(response)}}));
}

void message_plugin(VerbCall& call) {
  const std::string name = call.message["plugin"].text_or();
  FeaturePort* feature = call.context.features.find(name);
  if (feature == nullptr) {
    refuse(call, {"Invalid plugin", kErrorPluginNotFound});
    return;
  }
  Json response;
  {
    const BriefHandle handle(call.context, *feature, name);
    if (!handle.attached()) {
      refuse(call, {"Couldn't attach to plugin '" + sdk::echoed(name) + "'", kErrorPluginAttach});
      return;
    }
    response = run_synchronous(call.context, *handle, request_of(call));
  }
  answer(call, std::move(response));
}

void query_transport(VerbCall& call) {
  AdminPort* port = call.context.admin.port;
  auto answered = port == nullptr ? Result<Json>(Error{"Invalid transport", kErrorPluginNotFound})
                                  : port->query_transport(call.message["transport"].text_or(),
                                                          request_of(call));
  if (!answered) {
    refuse(call, answered.error());
    return;
  }
  answer(call, *std::move(answered));
}

void query_eventhandler(VerbCall& call) {
  Json response = call.context.bus.query(call.message["handler"].as_text(), request_of(call));
  if (!response) {
    refuse(call, {"Invalid event handler", kErrorPluginNotFound});
    return;
  }
  answer(call, std::move(response));
}

void custom_event(VerbCall& call) {
  call.context.bus.custom(call.message["schema"].as_text(), call.message["data"]);
  admin_success(call);
}

constexpr std::array kRequests{
    AdminRequest{"message_plugin", Place::Server, kPlugin, message_plugin},
    AdminRequest{"query_transport", Place::Server, kTransport, query_transport},
    AdminRequest{"query_eventhandler", Place::Server, kHandler, query_eventhandler},
    AdminRequest{"custom_event", Place::Server, kCustomEvent, custom_event},
};

}  // namespace

std::span<const AdminRequest> admin_module_requests() { return kRequests; }

}  // namespace cardea::session
