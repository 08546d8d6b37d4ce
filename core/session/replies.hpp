// The JSON texts that Janus's clients read: answers and events in their one form each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::session {

/// Where an answer belongs: what of the request is echoed. Absent values are left out.
struct Echo {
  Json session_id;
  Json transaction;
};

std::string error_reply(const Echo& echo, const Error& error);
std::string ack_reply(const Echo& echo);
/// @param data absent: a bare success.
std::string success_reply(const Echo& echo, Json data = {});
/// A success with further members at its top.
std::string success_with(const Echo& echo, const Json& members);
/// Answer of a synchronous operation.
std::string plugin_reply(const Echo& echo, std::uint64_t handle, const std::string& plugin,
                         Json data);

/// @param transaction empty: unasked. @param jsep absent: none.
std::string plugin_event(std::uint64_t session, std::uint64_t handle, std::string_view transaction,
                         const std::string& plugin, Json data, Json jsep);
/// {"janus": kind, "session_id", "sender"} and the members of `more`.
std::string handle_event(const char* kind, std::uint64_t session, std::uint64_t handle,
                         const Json& more = Json::object());
std::string timeout_event(std::uint64_t session);
std::string keepalive_event();

/// Ids beyond 2^63 cannot happen (they are 53 bits).
inline Json id_json(std::uint64_t id) { return Json(static_cast<unsigned long>(id)); }

}  // namespace cardea::session
