// Builds answers and events; member order as Janus writes it.
#include "core/session/replies.hpp"

namespace cardea::session {
namespace {

Json head(const char* kind, const Echo& echo) {
  Json out = Json::object();
  out.set("janus", kind).set("session_id", echo.session_id).set("transaction", echo.transaction);
  return out;
}

Json plugin_data(const std::string& plugin, Json data) {
  Json out = Json::object();
  out.set("plugin", plugin).set("data", std::move(data));
  return out;
}

}  // namespace

std::string error_reply(const Echo& echo, const Error& error) {
  Json out = head("error", echo);
  out.set("error", Json::object({{"code", error.code}, {"reason", error.message}}));
  return out.dump();
}

std::string ack_reply(const Echo& echo) { return head("ack", echo).dump(); }

std::string success_reply(const Echo& echo, Json data) {
  return head("success", echo).set("data", std::move(data)).dump();
}

std::string success_with(const Echo& echo, const Json& members) {
  Json out = head("success", echo);
  members.for_each_member(
      [&out](std::string_view key, Json value) { out.set(std::string(key), std::move(value)); });
  return out.dump();
}

std::string plugin_reply(const Echo& echo, std::uint64_t handle, const std::string& plugin,
                         Json data) {
  Json out = head("success", echo);
  out.set("sender", id_json(handle)).set("plugindata", plugin_data(plugin, std::move(data)));
  return out.dump();
}

std::string plugin_event(std::uint64_t session, std::uint64_t handle, std::string_view transaction,
                         const std::string& plugin, Json data, Json jsep) {
  Json out = Json::object();
  out.set("janus", "event").set("session_id", id_json(session));
  if (!transaction.empty()) {
    out.set("transaction", transaction);
  }
  out.set("sender", id_json(handle))
      .set("plugindata", plugin_data(plugin, std::move(data)))
      .set("jsep", std::move(jsep));
  return out.dump();
}

std::string handle_event(const char* kind, std::uint64_t session, std::uint64_t handle,
                         const Json& more) {
  Json out = Json::object();
  out.set("janus", kind).set("session_id", id_json(session)).set("sender", id_json(handle));
  more.for_each_member(
      [&out](std::string_view key, Json value) { out.set(std::string(key), std::move(value)); });
  return out.dump();
}

std::string timeout_event(std::uint64_t session) {
  return Json::object({{"janus", "timeout"}, {"session_id", id_json(session)}}).dump();
}

std::string keepalive_event() { return R"({"janus":"keepalive"})"; }

}  // namespace cardea::session
