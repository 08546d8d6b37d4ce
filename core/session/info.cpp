// Janus's member names; what we are ourselves stands under "cardea".
#include "core/session/info.hpp"

#include <jansson.h>

#include "core/session/replies.hpp"

namespace cardea::session {
namespace {

Json seconds(Duration duration) {
  return Json(
      static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(duration).count()));
}

Json module_json(const std::string& name, const std::string& author, const std::string& description,
                 const std::string& version_text, std::uint32_t version) {
  return Json::object({{"name", name},
                       {"author", author},
                       {"description", description},
                       {"version_string", version_text},
                       {"version", version}});
}

Json plugins(const Context& context) {
  Json out = Json::object();
  for (const FeaturePort* feature : context.features.all()) {
    const FeatureInfo& info = feature->info();
    out.set(listed_name(info),
            module_json(info.name, info.author, info.description, info.version_text, info.version));
  }
  return out;
}

Json transports(const Settings& settings) {
  Json out = Json::object();
  for (const TransportEntry& entry : settings.transports) {
    out.set(entry.id, module_json(entry.name, entry.author, entry.description, entry.version_text,
                                  entry.version));
  }
  return out;
}

Json event_handlers(const event::Bus& bus) {
  Json out = Json::object();
  for (const event::Sink* sink : bus.sinks()) {
    const event::SinkInfo& info = sink->info();
    if (info.id.empty()) {
      continue;
    }
    out.set(info.id,
            module_json(info.name, info.author, info.description, info.version_text, info.version));
  }
  return out;
}

}  // namespace

std::string listed_name(const FeatureInfo& info) {
  for (const std::string& alias : info.aliases) {
    if (alias.starts_with("janus.")) {
      return alias;
    }
  }
  return info.id;
}

Json info_json(const Context& context) {
  const Settings& settings = context.settings;
  Json out = Json::object();
  out.set("janus", "server_info")
      .set("name", settings.server_name)
      .set("version", settings.janus_version)
      .set("version_string", settings.janus_version_text)
      .set("author", settings.author)
      .set("data_channels", settings.data_channels)
      .set("accepting-new-sessions", !context.draining && context.admin.accepting)
      .set("session-timeout", seconds(settings.session_timeout))
      .set("reclaim-session-timeout", seconds(settings.reclaim_timeout))
      .set("server-name", settings.server_name)
      .set("local-ip", settings.local_ip)
      .set("ipv6", settings.ipv6)
      .set("ice-lite", true)
      .set("ice-tcp", settings.ice_tcp)
      .set("full-trickle", false)
      .set("api_secret", !settings.api_secret.empty())
      .set("auth_token", settings.token_auth)
      .set("event_handlers", event_handlers(context.bus).size() != 0)
      .set("opaqueid_in_api", false)
      .set("dependencies", Json::object({{"jansson", JANSSON_VERSION}}))
      .set("transports", transports(settings))
      .set("events", event_handlers(context.bus))
      .set("loggers", Json::object())
      .set("plugins", plugins(context))
      .set("cardea", Json::object({{"version", settings.cardea_version}}));
  return out;
}

std::string info_reply(const Context& context, const Json& transaction) {
  return info_json(context).set("transaction", transaction).dump();
}

}  // namespace cardea::session
