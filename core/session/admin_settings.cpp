// Admin API: info, ping, and what can be changed at run time.
#include <array>

#include <cardea/sdk/operation.hpp>

#include "core/session/admin.hpp"
#include "core/session/errors.hpp"
#include "core/session/info.hpp"

namespace cardea::session {
namespace {

using Place = AdminRequest::Place;
namespace param = sdk::param;

constexpr std::int64_t kMaxSeconds = 86'400 * 365;
constexpr std::int64_t kMaxNumber = 1'000'000'000;

constexpr cardea_param_t number(const char* name, std::int64_t max) {
  return param::required(param::integer(name, 0, max));
}
constexpr cardea_param_t flag(const char* name) { return param::required(param::boolean(name)); }

constexpr std::array kTimeout{number("timeout", kMaxSeconds)};
constexpr std::array kLevel{number("level", 7), param::text("area", 64, "Of this area alone")};
constexpr std::array kTimestamps{flag("timestamps")};
constexpr std::array kColors{flag("colors")};
constexpr std::array kDebug{flag("debug")};
constexpr std::array kNackQueue{number("min_nack_queue", kMaxNumber)};
constexpr std::array kNackOptimizations{flag("nack_optimizations")};
constexpr std::array kNoMedia{number("no_media_timer", kMaxNumber)};
constexpr std::array kSlowLink{number("slowlink_threshold", kMaxNumber)};
constexpr std::array kAccept{flag("accept")};

long seconds(Duration duration) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

void ping(VerbCall& call) {
  call.context.port.send(
      call.client,
      Json::object({{"janus", "pong"}, {"transaction", call.echo.transaction}}).dump());
}

void info(VerbCall& call) {
  call.context.port.send(call.client, info_reply(call.context, call.echo.transaction));
}

void get_status(VerbCall& call) {
  const Settings& settings = call.context.settings;
  const AdminState& state = call.context.admin;
  Json status = Json::object();
  status.set("token_auth", settings.token_auth)
      .set("session_timeout", seconds(settings.session_timeout))
      .set("reclaim_session_timeout", seconds(settings.reclaim_timeout))
      .set("candidates_timeout", 45)
      .set("log_level", state.port == nullptr ? 4 : state.port->log_level())
      .set("log_timestamps", state.log_timestamps)
      .set("log_colors", state.log_colors)
      .set("locking_debug", state.locking_debug)
      .set("refcount_debug", state.refcount_debug)
      .set("libnice_debug", state.libnice_debug)
      .set("min_nack_queue", static_cast<long>(state.min_nack_queue))
      .set("nack-optimizations", state.nack_optimizations)
      .set("no_media_timer", static_cast<long>(state.no_media_timer))
      .set("slowlink_threshold", static_cast<long>(state.slowlink_threshold));
  const Json areas = state.port == nullptr ? Json() : state.port->log_areas();
  if (areas.size() > 0) {
    status.set("log_areas", areas);
  }
  admin_success(call, Json::object({{"status", status}}));
}

void set_session_timeout(VerbCall& call) {
  Context& context = call.context;
  const Json asked = call.message["timeout"];
  const Duration timeout = std::chrono::seconds(asked.as_int());
  if (call.session != nullptr) {
    call.session->timeout = timeout;
    context.sessions.schedule(*call.session, context.settings);
  } else {
    context.settings.session_timeout = timeout;
    for (const std::uint64_t id : context.sessions.ids()) {
      context.sessions.schedule(*context.sessions.find(id), context.settings);
    }
  }
  admin_success(call, Json::object({{"timeout", asked}}));
}

void set_log_level(VerbCall& call) {
  AdminPort* port = call.context.admin.port;
  if (port == nullptr) {
    refuse(call, {"No log to change", kErrorUnknown});
    return;
  }
  const Json level = call.message["level"];
  const Json area = call.message["area"];
  if (auto set = port->set_log_level(static_cast<int>(level.as_int()), area.text_or()); !set) {
    refuse(call, {set.error().message, kErrorInvalidElementType});
    return;
  }
  Json answer = Json::object({{"level", level}});
  answer.set("area", area);
  admin_success(call, answer);
}

void accept_new_sessions(VerbCall& call) {
  call.context.admin.accepting = call.message["accept"].as_bool();
  admin_success(call, Json::object({{"accept", call.context.admin.accepting}}));
}

void set(VerbCall& call, const char* param, const char* shown, bool AdminState::*member) {
  call.context.admin.*member = call.message[param].as_bool();
  admin_success(call, Json::object({{shown, call.message[param]}}));
}

void set(VerbCall& call, const char* param, const char* shown, std::int64_t AdminState::*member) {
  call.context.admin.*member = call.message[param].as_int();
  admin_success(call, Json::object({{shown, call.message[param]}}));
}

constexpr std::array kRequests{
    AdminRequest{"info", Place::Server, {}, info, true},
    AdminRequest{"ping", Place::Server, {}, ping, true},
    AdminRequest{"get_status", Place::Server, {}, get_status},
    AdminRequest{"set_session_timeout", Place::ServerOrSession, kTimeout, set_session_timeout},
    AdminRequest{"set_log_level", Place::Server, kLevel, set_log_level},
    AdminRequest{"set_log_timestamps", Place::Server, kTimestamps,
                 [](VerbCall& call) {
                   set(call, "timestamps", "log_timestamps", &AdminState::log_timestamps);
                 }},
    AdminRequest{
        "set_log_colors", Place::Server, kColors,
        [](VerbCall& call) { set(call, "colors", "log_colors", &AdminState::log_colors); }},
    AdminRequest{
        "set_locking_debug", Place::Server, kDebug,
        [](VerbCall& call) { set(call, "debug", "locking_debug", &AdminState::locking_debug); }},
    AdminRequest{
        "set_refcount_debug", Place::Server, kDebug,
        [](VerbCall& call) { set(call, "debug", "refcount_debug", &AdminState::refcount_debug); }},
    AdminRequest{
        "set_libnice_debug", Place::Server, kDebug,
        [](VerbCall& call) { set(call, "debug", "libnice_debug", &AdminState::libnice_debug); }},
    AdminRequest{"set_min_nack_queue", Place::Server, kNackQueue,
                 [](VerbCall& call) {
                   set(call, "min_nack_queue", "min_nack_queue", &AdminState::min_nack_queue);
                 }},
    AdminRequest{"set_nack_optimizations", Place::Server, kNackOptimizations,
                 [](VerbCall& call) {
                   set(call, "nack_optimizations", "nack-optimizations",
                       &AdminState::nack_optimizations);
                 }},
    AdminRequest{"set_no_media_timer", Place::Server, kNoMedia,
                 [](VerbCall& call) {
                   set(call, "no_media_timer", "no_media_timer", &AdminState::no_media_timer);
                 }},
    AdminRequest{"set_slowlink_threshold", Place::Server, kSlowLink,
                 [](VerbCall& call) {
                   set(call, "slowlink_threshold", "slowlink_threshold",
                       &AdminState::slowlink_threshold);
                 }},
    AdminRequest{"accept_new_sessions", Place::Server, kAccept, accept_new_sessions},
};

}  // namespace

std::span<const AdminRequest> admin_settings_requests() { return kRequests; }

}  // namespace cardea::session
