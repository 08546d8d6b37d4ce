// The one place where a feature's operations are checked, guarded and called.
#include "core/session/operation.hpp"

#include <cardea/sdk/text.hpp>

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

/// What the module says that the operation's object may belong to.
cardea_admission_verdict_t ask_owner(const Context& context, const Handle& handle,
                                     const Json& body) {
  const Principal::Kind kind = handle.principal.kind;
  const bool judged = kind == Principal::Kind::Anonymous || kind == Principal::Kind::Token ||
                      kind == Principal::Kind::Person;
  if (!context.admission || !judged) {
    return CARDEA_ADMISSION_NOT_MINE;
  }
  return context.admission(handle.plugin, handle.id, body["request"].as_text(), body.dump());
}

/// What stands against the operation, if anything.
Result<void> check(const Context& context, const Handle& handle, const FoundOperation& found,
                   const Json& body) {
  if (found.error) {
    return *found.error;
  }
  const cardea_error_codes_t& codes = handle.feature.info().codes;
  const auto verdict = ask_owner(context, handle, body);
  if (verdict == CARDEA_ADMISSION_REFUSED ||
      (verdict == CARDEA_ADMISSION_NOT_MINE &&
       !context.guard.allow(handle.principal, found.operation))) {
    return Error{"Unauthorized", codes.unauthorized};
  }
  return found.operation == nullptr ? Result<void>()
                                    : check_parameters(*found.operation, codes, body);
}

/// What a feature is handed.
struct Message {
  cardea_request_id_t id = 0;
  const Json& body;
  const RemoteJsep* jsep = nullptr;
  std::string transaction = {};
};

/// Calls the feature. @returns its reply; absent when it gave none before it returned.
Json hand_over(Context& context, Handle& handle, const FoundOperation& found,
               const Message& message) {
  const std::string text = message.body.dump();
  cardea_request_t request{};
  request.size = sizeof request;
  request.id = message.id;
  request.operation = found.operation;
  request.body = {text.data(), text.size()};
  if (message.jsep != nullptr) {
    request.jsep = message.jsep->view();
  }
  context.requests.add(message.id, handle, message.transaction);
  handle.feature.message(handle.object, request);

  const PendingRequest* pending = context.requests.find(message.id);
  Json reply = pending == nullptr ? Json() : pending->reply;
  if (found.synchronous || reply) {
    handle.negotiation.discard(message.id);  // An offer is answered by events only.
    context.requests.remove(message.id, handle);
  }
  return reply;
}

Error no_answer(const FeatureInfo& feature) {
  return {"The plugin did not answer", feature.codes.internal};
}

void call_feature(const Call& call, const FoundOperation& found, const Message& message) {
  Json reply = hand_over(call.context, call.handle, found, message);
  if (reply) {
    call.context.port.send(
        call.client, plugin_reply(call.echo, call.handle.id, call.handle.plugin, std::move(reply)));
  } else if (found.synchronous) {
    send_feature_error(call, found, no_answer(call.handle.feature.info()));
  } else {
    call.context.port.send(call.client, ack_reply(call.echo));
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
  if (auto checked = check(context, handle, found, body); !checked) {
    handle.negotiation.discard(id);
    send_feature_error(call, found, checked.error());
    return;
  }
  call_feature(call, found, {id, body, jsep.get(), echo.transaction.text_or()});
}

Json run_synchronous(Context& context, Handle& handle, const Json& body) {
  const FeatureInfo& feature = handle.feature.info();
  FoundOperation found = find_operation(feature, handle.role, body);
  if (found.operation != nullptr && !found.synchronous) {
    found = {nullptr, true,
             Error{"Request '" + sdk::echoed(body["request"].as_text()) +
                       "' is answered by events and needs a handle of its own",
                   feature.codes.invalid_request}};
  }
  if (auto checked = check(context, handle, found, body); !checked) {
    context.counters.error(checked.error().code);
    return feature_error(feature, found.operation != nullptr, checked.error());
  }
  Json reply = hand_over(context, handle, found, {context.requests.next_id(), body});
  return reply ? reply : feature_error(feature, found.operation != nullptr, no_answer(feature));
}

}  // namespace cardea::session
