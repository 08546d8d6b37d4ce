// The order of the checks, and so which error wins, is that of Debian's janus 1.1.2 as it answered.
#include "core/session/dispatch.hpp"

#include <algorithm>

#include <cardea/sdk/text.hpp>

#include "core/session/admin.hpp"
#include "core/session/credentials.hpp"
#include "core/session/delivery.hpp"
#include "core/session/errors.hpp"
#include "core/session/validation.hpp"
#include "core/session/verbs.hpp"

namespace cardea::session {
namespace {

// Transactions are kept per request until it is answered.
constexpr std::size_t kMaxTransaction = 512;
constexpr std::string_view kSpace = " \t\r\n";

void refuse_text(Context& context, ClientId client, const Error& error) {
  context.counters.error(error.code);
  context.port.send(client, error_reply({}, error));
}

Result<std::string> text_member(const Json& message, const char* name) {
  const Json value = message[name];
  if (!value) {
    return Error{"Missing mandatory element (" + std::string(name) + ")", kErrorMissingElement};
  }
  if (!value.is_string()) {
    return Error{"Invalid element type (" + std::string(name) + " should be a string)",
                 kErrorInvalidElementType};
  }
  return value.text_or();
}

/// The id that a message names, or its path; they must not differ.
Result<std::uint64_t> merged_id(const Json& message, const char* name, const char* words,
                                std::uint64_t path) {
  const Json value = message[name];
  if (value && path != 0 && (!value.is_integer() || value.as_uint() != path)) {
    return Error{"Conflicting " + std::string(words) + " ID (payload and path)",
                 kErrorInvalidRequestPath};
  }
  if (value && !value.is_integer()) {
    return Error{"Invalid element type (" + std::string(name) + " should be a positive integer)",
                 kErrorInvalidElementType};
  }
  return value ? static_cast<std::uint64_t>(value.as_int()) : path;
}

Result<void> identify(VerbCall& call) {
  const Client* asking = call.context.clients.find(call.client);
  if (asking != nullptr && asking->info.inner) {
    call.principal.kind = Principal::Kind::Inner;
    return {};
  }
  call.credentials = credentials_of(call.message);
  auto principal = authenticate(call.context, call.credentials);
  if (!principal) {
    return principal.error();
  }
  call.principal = *principal;
  return {};
}

Error unhandled(const std::string& verb) {
  return {"Unhandled request '" + sdk::echoed(verb) + "' at this path", kErrorInvalidRequestPath};
}

/// Finds session and handle and sees whether the verb belongs there.
Result<void> resolve(VerbCall& call, const Verb* verb, const std::string& name,
                     const Address& address) {
  if (address.session == 0) {
    if (address.handle != 0) {
      return Error{"Session not found", kErrorSessionNotFound};
    }
    if (verb == nullptr || verb->place != Verb::Place::Server) {
      return unhandled(name);
    }
    return verb->open ? Result<void>() : identify(call);
  }
  if (auto known = identify(call); !known) {
    return known;
  }
  const bool claims = verb != nullptr && std::string_view(verb->name) == "claim";
  call.session = claims ? call.context.sessions.find(address.session)
                        : usable_session(call.context, call.client, address.session);
  const std::string session_text = std::to_string(address.session);
  if (call.session == nullptr) {
    return Error{"No such session " + session_text, kErrorSessionNotFound};
  }
  if (address.handle != 0) {
    const auto found = call.session->handles.find(address.handle);
    if (found == call.session->handles.end()) {
      return Error{
          "No such handle " + std::to_string(address.handle) + " in session " + session_text,
          kErrorHandleNotFound};
    }
    call.handle = found->second.get();
  } else if (address.names_handle) {
    return Error{"Handle not found", kErrorHandleNotFound};
  }
  return {};
}

Result<void> check_place(const VerbCall& call, const Verb* verb, const std::string& name) {
  if (call.session == nullptr) {
    return {};
  }
  if (verb == nullptr || verb->place == Verb::Place::Server) {
    return Error{"Unknown request '" + sdk::echoed(name) + "'", kErrorUnknownRequest};
  }
  if ((verb->place == Verb::Place::Handle && call.handle == nullptr) ||
      (verb->place == Verb::Place::SessionOnly && call.handle != nullptr)) {
    return unhandled(name);
  }
  return {};
}

void run_verb(VerbCall& call, const std::string& name, const Address& address) {
  const Verb* verb = find_verb(name);
  call.context.counters.request(verb == nullptr ? "unknown" : verb->name);
  if (auto resolved = resolve(call, verb, name, address); !resolved) {
    refuse(call, resolved.error());
    return;
  }
  if (call.session != nullptr) {
    call.session->last_activity = call.context.clock();
  }
  if (auto placed = check_place(call, verb, name); !placed) {
    refuse(call, placed.error());
    return;
  }
  if (auto checked = check_message(verb->params, call.message); !checked) {
    if (verb->faults_without_transaction) {
      call.echo = {};
    }
    refuse(call, checked.error());
    return;
  }
  verb->run(call);
}

void dispatch_one(Context& context, ClientId client, const PathIds& path, const Json& message) {
  if (!message.is_object()) {
    refuse_text(context, client,
                {"Invalid Janus API request - JSON object expected", kErrorInvalidJsonObject});
    return;
  }
  auto transaction = text_member(message, "transaction");
  if (transaction && transaction->size() > kMaxTransaction) {
    transaction = Error{"Invalid element (transaction should have at most 512 bytes)",
                        kErrorInvalidElementType};
  }
  const auto verb = transaction ? text_member(message, "janus") : transaction;
  if (!verb) {
    refuse_text(context, client, verb.error());
    return;
  }
  VerbCall call{context, client, message, {{}, *transaction}};
  const auto session = merged_id(message, "session_id", "session", path.session);
  if (!session) {
    refuse(call, session.error());
    return;
  }
  if (*session != 0) {
    call.echo.session_id = id_json(*session);
  }
  const auto handle = merged_id(message, "handle_id", "handle", path.handle);
  if (!handle) {
    refuse(call, handle.error());
    return;
  }
  const Address address{*session, *handle, message.has("handle_id")};
  const Client* sender = context.clients.find(client);
  if (sender != nullptr && sender->info.admin) {
    run_admin(call, *verb, address);
  } else {
    run_verb(call, *verb, address);
  }
}

/// Each text of a message counts. False when this client has sent too much of late; then it has
/// been told.
bool within_rate(Context& context, ClientId id, Client& client) {
  if (!client.info.pushes || client.info.inner || !context.settings.limits.enabled ||
      client.rate.take(context.clock())) {
    return true;
  }
  context.counters.limit_hit("messages_per_second");
  // Before the text is parsed, so without its transaction.
  refuse_text(context, id, {"Too many messages on this connection", kErrorUnknown});
  return false;
}

}  // namespace

Session* usable_session(Context& context, ClientId client, std::uint64_t id) {
  Session* session = context.sessions.find(id);
  const Client* asking = context.clients.find(client);
  if (session == nullptr || asking == nullptr) {
    return nullptr;
  }
  const bool own =
      session->owner ? *session->owner == client : session->polled && !asking->info.pushes;
  return own ? session : nullptr;
}

void dispatch(Context& context, ClientId client, const PathIds& path, std::string_view text) {
  const Client* sender = context.clients.find(client);
  const bool pushes = sender != nullptr && sender->info.pushes;
  const std::size_t most = pushes ? context.settings.limits.texts_per_message : 1;
  std::size_t answered = 0;
  do {
    Client* still_there = context.clients.find(client);
    if (still_there == nullptr || !within_rate(context, client, *still_there)) {
      return;
    }
    std::size_t used = 0;
    auto parsed = pushes ? Json::parse_first(text, used) : Json::parse(text);
    if (!parsed) {
      if (parsed.error().code == kJsonBeyondLimits) {
        context.counters.limit_hit("json");
      }
      refuse_text(context, client,
                  {"Invalid Janus API request - " + parsed.error().message, kErrorInvalidJson});
      return;
    }
    dispatch_one(context, client, path, *parsed);
    // Before the next text may make a new peer for the same handle.
    run_downs(context);
    text.remove_prefix(pushes ? used : text.size());
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    ++answered;
  } while (!text.empty() && answered < most);
  if (!text.empty()) {
    context.counters.limit_hit("texts_per_message");
    refuse_text(context, client, {"Too many JSON texts in one message", kErrorUnknown});
  }
}

}  // namespace cardea::session
