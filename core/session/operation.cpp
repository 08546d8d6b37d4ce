// The one place where a feature's operations are checked, guarded and called.
#include "core/session/operation.hpp"

#include "core/session/errors.hpp"
#include "core/session/telling.hpp"
#include "core/session/validation.hpp"

namespace cardea::session {
namespace {

// Our own modules are trusted with size, not with form.
constexpr JsonLimits kFeatureLimits{.depth = 60, .members = 1'000'000, .nodes = 10'000'000};

struct Call {
  Context& context;
  ClientId client;
  Handle& handle;
  const Echo& echo;
};

void send_error(const Call& call, const Error& error) {
  call.context.counters.error(error.code);
  call.context.port.send(call.client, error_reply(call.echo, error));
}

/// A fault that the host found, in the feature's own words and in the form that the operation has.
void send_feature_error(const Call& call, const FoundOperation& found, const Error& error) {
  Handle& handle = call.handle;
  call.context.counters.error(error.code);
  Json body = feature_error(handle.feature.info(), found.operation != nullptr, error);
  if (found.synchronous) {
    call.context.port.send(call.client,
                           plugin_reply(call.echo, handle.id, handle.plugin, std::move(body)));
    return;
  }
  call.context.port.send(call.client, ack_reply(call.echo));
  call.context.post(handle.session,
                    plugin_event(handle.session, handle.id, call.echo.transaction.as_text(),
                                 handle.plugin, std::move(body), {}));
}

/// What stands against the operation, if anything.
Result<void> check(const Call& call, const FoundOperation& found, const Json& body) {
  if (found.error) {
    return *found.error;
  }
  const cardea_error_codes_t& codes = call.handle.feature.info().codes;
  if (!call.context.guard.allow(call.handle.principal, found.operation)) {
    return Error{"Unauthorized", codes.unauthorized};
  }
  return found.operation == nullptr ? Result<void>()
                                    : check_parameters(*found.operation, codes, body);
}

void call_feature(const Call& call, const FoundOperation& found, cardea_request_id_t id,
                  const Json& body, const RemoteJsep* jsep) {
  Context& context = call.context;
  const std::string text = body.dump();
  cardea_request_t request{};
  request.size = sizeof request;
  request.id = id;
  request.operation = found.operation;
  request.body = {text.data(), text.size()};
  if (jsep != nullptr) {
    request.jsep = jsep->view();
  }
  context.requests.add(id, call.handle, call.echo.transaction.text_or());
  call.handle.feature.message(call.handle.object, request);

  PendingRequest* pending = context.requests.find(id);
  if (found.synchronous || (pending != nullptr && pending->reply)) {
    call.handle.negotiation.discard(id);  // An offer is answered by events only.
  }
  if (pending != nullptr && pending->reply) {
    context.port.send(call.client,
                      plugin_reply(call.echo, call.handle.id, call.handle.plugin, pending->reply));
    context.requests.remove(id, call.handle);
  } else if (found.synchronous) {
    context.requests.remove(id, call.handle);
    send_feature_error(call, found,
                       {"The plugin did not answer", call.handle.feature.info().codes.internal});
  } else {
    context.port.send(call.client, ack_reply(call.echo));
  }
}

}  // namespace

Json feature_json(std::string_view text) {
  auto parsed = Json::parse(text, kFeatureLimits);
  return parsed && parsed->is_object() ? *std::move(parsed) : Json();
}

void run_operation(Context& context, ClientId client, Handle& handle, const Echo& echo,
                   const Json& message) {
  const Call call{context, client, handle, echo};
  const Json body = message["body"];
  if (!body) {
    send_error(call, {"Missing mandatory element (body)", kErrorMissingElement});
    return;
  }
  if (!body.is_object()) {
    send_error(call, {"Invalid element type (body should be an object)", kErrorInvalidElementType});
    return;
  }
  const cardea_request_id_t id = context.requests.next_id();
  std::shared_ptr<const RemoteJsep> jsep;
  if (message.has("jsep")) {
    auto received = handle.negotiation.receive(message["jsep"], id);
    if (!received) {
      send_error(call, received.error());
      return;
    }
    jsep = *received;
    tell_remote_jsep(context, handle, message["jsep"]);
  }
  const FoundOperation found = find_operation(handle.feature.info(), handle.role, body);
  if (auto checked = check(call, found, body); !checked) {
    handle.negotiation.discard(id);
    send_feature_error(call, found, checked.error());
    return;
  }
  call_feature(call, found, id, body, jsep.get());
}

}  // namespace cardea::session
