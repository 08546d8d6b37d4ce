#include "plugins/videoroom/forwards.hpp"

#include <arpa/inet.h>

#include <cardea/sdk/module.hpp>

#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/publisher.hpp"
#include "plugins/videoroom/room.hpp"

namespace cardea::videoroom {

namespace {

bool is_address(const std::string& host) {
  in6_addr parsed{};
  return inet_pton(AF_INET, host.c_str(), &parsed) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &parsed) == 1;
}

cardea_forward_settings_t in_c(const Destination& to) {
  cardea_forward_settings_t out{};
  out.size = sizeof out;
  out.address = sdk::to_str(to.host);
  out.port = to.port;
  out.rtcp_port = to.rtcp_port;
  out.srtp_suite = to.srtp_suite;
  out.srtp_key = sdk::to_str(to.srtp_key);
  return out;
}

}  // namespace

Result<Destination> destination(const Json& body) {
  Destination out;
  out.host = body["host"].text_or();
  const std::string_view family = body["host_family"].as_text();
  if (!family.empty() && family != "ipv4" && family != "ipv6") {
    return error(kInvalidElement, "Unsupported protocol family (" + echoed(family) + ")");
  }
  // Looking a name up could hold every room for seconds.
  if (out.host == "localhost") {
    out.host = family == "ipv6" ? "::1" : "127.0.0.1";
  }
  if (!is_address(out.host)) {
    return error(kInvalidElement,
                 "Could not resolve address (" + echoed(out.host) + "): give an IP address");
  }
  const Json suite = body["srtp_suite"];
  const Json key = body["srtp_crypto"];
  if (suite && key) {
    out.srtp_suite = static_cast<int>(suite.as_int());
    if (out.srtp_suite != 32 && out.srtp_suite != 80) {
      return error(kInvalidElement, "Invalid SRTP suite (" + std::to_string(out.srtp_suite) + ")");
    }
    out.srtp_key = key.text_or();
  }
  return out;
}

bool add_forwarder(Publisher& publisher, const PublishedStream& stream, Forwarder forwarder) {
  cardea_forward_settings_t settings = in_c(forwarder.to);
  settings.ssrc = forwarder.ssrc;
  settings.payload_type = forwarder.payload_type;
  settings.simulcast = forwarder.simulcast ? 1 : 0;
  settings.substream = forwarder.substream.value_or(0);
  forwarder.kind = stream.kind;
  forwarder.route = publisher.room.host().forward_add(publisher.source, stream.line, settings);
  if (forwarder.route == 0) {
    return false;
  }
  publisher.forwarders.push_back(std::move(forwarder));
  return true;
}

void remotize(const Publisher& publisher, Remotization& remote) {
  for (const PublishedStream& stream : publisher.streams) {
    if (stream.disabled) {
      continue;
    }
    const std::uint32_t layers = stream.simulcast ? kLayers : 1;
    for (std::uint32_t layer = 0; layer < layers; ++layer) {
      cardea_forward_settings_t settings = in_c(remote.to);
      settings.ssrc = remote_ssrc(stream.mindex, layer);
      settings.substream = static_cast<std::int32_t>(layer);
      const auto route = publisher.room.host().forward_add(publisher.source, stream.line, settings);
      if (route != 0) {
        remote.routes.push_back(route);
      }
    }
  }
}

void update_remotes(Publisher& publisher) {
  for (auto& [id, remote] : publisher.remotes) {
    stop(publisher, remote);
    remotize(publisher, remote);
  }
}

void stop(const Publisher& publisher, Remotization& remote) {
  for (const cardea_route_t route : remote.routes) {
    publisher.room.host().route_remove(route);
  }
  remote.routes.clear();
}

void end_forwards(Publisher& publisher) {
  for (const Forwarder& forwarder : publisher.forwarders) {
    publisher.room.host().route_remove(forwarder.route);
  }
  publisher.forwarders.clear();
  for (auto& [id, remote] : publisher.remotes) {
    stop(publisher, remote);
  }
  publisher.remotes.clear();
}

Json description(const Forwarder& forwarder) {
  Json out = Json::object({{"stream_id", forwarder.id},
                           {"type", events::kind_name(forwarder.kind)},
                           {"host", forwarder.to.host},
                           {"port", static_cast<unsigned>(forwarder.to.port)}});
  const auto when_set = [&](const char* key, std::uint32_t value) {
    if (value != 0) {
      out.set(key, value);
    }
  };
  when_set("remote_rtcp_port", forwarder.to.rtcp_port);
  when_set("pt", forwarder.payload_type);
  when_set("ssrc", forwarder.ssrc);
  if (forwarder.substream) {
    out.set("substream", static_cast<int>(*forwarder.substream));
  }
  if (forwarder.to.srtp_suite != 0) {
    out.set("srtp", true);
  }
  return out;
}

}  // namespace cardea::videoroom
