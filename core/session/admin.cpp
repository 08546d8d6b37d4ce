// The order of the checks is that of Debian's janus 1.1.2.
#include "core/session/admin.hpp"

#include <algorithm>
#include <array>

#include <strings.h>

#include <cardea/sdk/text.hpp>

#include "core/session/errors.hpp"
#include "core/session/signed_token.hpp"
#include "core/session/validation.hpp"

namespace cardea::session {
namespace {

using Place = AdminRequest::Place;

const AdminRequest* find_request(const std::string& name) {
  for (const auto& part : admin_requests()) {
    const auto found = std::find_if(part.begin(), part.end(), [&](const AdminRequest& request) {
      return strcasecmp(request.name, name.c_str()) == 0;
    });
    if (found != part.end()) {
      return &*found;
    }
  }
  return nullptr;
}

/// The secret, with a limit on wrong ones (threat S17).
Result<void> let_in(VerbCall& call) {
  Context& context = call.context;
  const std::string& secret = context.settings.admin_secret;
  if (secret.empty()) {
    return {};
  }
  const Client* client = context.clients.find(call.client);
  const std::string address = client == nullptr ? std::string() : client->info.address;
  FailureLimiter& failures = context.admin.failures;
  const Time now = context.clock();
  if (context.settings.limits.enabled && !failures.may_try(address, now)) {
    context.counters.limit_hit("admin_failures");
    return Error{"Too many wrong secrets from this address, try again later", kErrorUnauthorized};
  }
  if (same_secret(secret, call.message["admin_secret"].as_text())) {
    return {};
  }
  failures.failed(address, now);
  context.logger.warn("Admin API: wrong or missing secret from {}", address);
  return Error{"Unauthorized request (wrong or missing secret/token)", kErrorUnauthorized};
}

Result<void> find_target(VerbCall& call, const Address& address) {
  if (address.session == 0) {
    return address.handle == 0 ? Result<void>() : Error{"Session not found", kErrorSessionNotFound};
  }
  call.session = call.context.sessions.find(address.session);
  const std::string session = std::to_string(address.session);
  if (call.session == nullptr) {
    return Error{"No such session " + session, kErrorSessionNotFound};
  }
  if (address.handle == 0) {
    return {};
  }
  const auto found = call.session->handles.find(address.handle);
  if (found == call.session->handles.end()) {
    return Error{"No such handle " + std::to_string(address.handle) + " in session " + session,
                 kErrorHandleNotFound};
  }
  call.handle = found->second.get();
  return {};
}

bool belongs_here(const VerbCall& call, Place place) {
  switch (place) {
    case Place::Server:
      return call.session == nullptr;
    case Place::Session:
      return call.session != nullptr && call.handle == nullptr;
    case Place::ServerOrSession:
      return call.handle == nullptr;
    case Place::Handle:
      return call.handle != nullptr;
  }
  return false;
}

Result<void> check(VerbCall& call, const AdminRequest* request, const std::string& name,
                   const Address& address) {
  const bool open = request != nullptr && request->open && address.session == 0;
  if (!open) {
    if (auto known = let_in(call); !known) {
      return known;
    }
  }
  if (auto found = find_target(call, address); !found) {
    return found;
  }
  if (request == nullptr || !belongs_here(call, request->place)) {
    return Error{"Unhandled request '" + sdk::echoed(name) + "' at this path",
                 kErrorInvalidRequestPath};
  }
  return check_message(request->params, call.message);
}

}  // namespace

std::array<std::span<const AdminRequest>, 7> admin_requests() {
  return {admin_settings_requests(), admin_token_requests(), admin_session_requests(),
          admin_module_requests(),   admin_tool_requests(),  admin_dump_requests(),
          admin_operation_requests()};
}

void run_admin(VerbCall& call, const std::string& name, const Address& address) {
  const AdminRequest* request = find_request(name);
  call.context.counters.admin_request(request == nullptr ? "unknown" : request->name);
  if (auto checked = check(call, request, name, address); !checked) {
    refuse(call, checked.error());
    return;
  }
  call.principal.kind = Principal::Kind::Admin;
  request->run(call);
}

void AdminLater::fail(const std::string& text) const {
  context_.counters.error(kErrorUnknown);
  context_.port.send(client_, error_reply(echo_, {text, kErrorUnknown}));
}

void AdminLater::succeed(const Json& members) const {
  context_.port.send(client_, success_with(echo_, members));
}

void admin_success(VerbCall& call, const Json& members) {
  call.context.port.send(call.client, success_with(call.echo, members));
}

}  // namespace cardea::session
