// Admin API: sessions and handles, listed and ended.
#include <array>

#include <cardea/sdk/operation.hpp>

#include "core/session/admin.hpp"
#include "core/session/admin_handle_info.hpp"
#include "core/session/lifecycle.hpp"

namespace cardea::session {
namespace {

using Place = AdminRequest::Place;
namespace param = sdk::param;

constexpr std::array kHandleInfo{param::boolean("plugin_only", "Only what the plugin tells")};

void list_sessions(VerbCall& call) {
  Json sessions = Json::array();
  for (const std::uint64_t id : call.context.sessions.ids()) {
    sessions.push(id_json(id));
  }
  admin_success(call, Json::object({{"sessions", sessions}}));
}

void list_handles(VerbCall& call) {
  Json handles = Json::array();
  for (const auto& [id, handle] : call.session->handles) {
    handles.push(id_json(id));
  }
  admin_success(call, Json::object({{"handles", handles}}));
}

void destroy_session(VerbCall& call) {
  admin_success(call);
  end_session(call.context, call.session->id);
}

void hangup_webrtc(VerbCall& call) {
  admin_success(call);
  hang_up(call.context, *call.handle, "Admin API");
}

void detach_handle(VerbCall& call) {
  admin_success(call);
  const std::uint64_t session = call.session->id;
  const HandleId handle = call.handle->id;
  end_handle(call.context, *call.session, handle);
  call.context.post(session, handle_event("detached", session, handle));
}

constexpr std::array kRequests{
    AdminRequest{"list_sessions", Place::Server, {}, list_sessions},
    AdminRequest{"destroy_session", Place::Session, {}, destroy_session},
    AdminRequest{"list_handles", Place::Session, {}, list_handles},
    AdminRequest{"handle_info", Place::Handle, kHandleInfo, handle_info},
    AdminRequest{"hangup_webrtc", Place::Handle, {}, hangup_webrtc},
    AdminRequest{"detach_handle", Place::Handle, {}, detach_handle},
};

}  // namespace

std::span<const AdminRequest> admin_session_requests() { return kRequests; }

}  // namespace cardea::session
