#include "core/session/telling.hpp"

#include <algorithm>
#include <sstream>

#include "core/session/info.hpp"

namespace cardea::session {
namespace {

// Janus numbers streams and components; with BUNDLE and rtcp-mux there is one of each.
constexpr int kOnly = 1;

Json transport_json(const Context& context, ClientId client) {
  const auto& transports = context.settings.transports;
  const bool known = client.transport < transports.size();
  return Json::object({{"transport", known ? transports[client.transport].id : "cardea.client"},
                       {"id", std::to_string(client.number)}});
}

Json ice_body(const char* name, Json value) {
  return Json::object({{name, std::move(value)}, {"stream_id", kOnly}, {"component_id", kOnly}});
}

Json line_json(const Handle& handle, std::uint32_t line) {
  const cardea_mline_t& mline = handle.negotiation.mlines().data()[line];
  return Json::object({{"media", mline.kind == CARDEA_AUDIO ? "audio" : "video"},
                       {"mid", std::string_view(mline.mid.data, mline.mid.size)}});
}

// What an SDP's a=candidate lines hold, in their order.
template <typename Visit>
void each_candidate(std::string_view sdp, Visit visit) {
  constexpr std::string_view kStart = "a=candidate:";
  for (std::size_t at = sdp.find(kStart); at != std::string_view::npos; at = sdp.find(kStart, at)) {
    at += kStart.size();
    const std::size_t end = std::min(sdp.find_first_of("\r\n", at), sdp.size());
    visit(sdp.substr(at, end - at));
  }
}

void tell_jsep(const Context& context, const Handle& handle, const char* owner, const Json& jsep) {
  context.bus.emit(event::kJsep, subject_of(handle), [&] {
    return Json::object(
        {{"owner", owner}, {"jsep", Json::object({{"type", jsep["type"]}, {"sdp", jsep["sdp"]}})}});
  });
}

void tell_candidate(const Context& context, const Handle& handle, bool ours,
                    std::string_view candidate) {
  context.bus.emit(
      ours ? event::kLocalCandidate : event::kRemoteCandidate, subject_of(handle),
      [&] { return ice_body(ours ? "local-candidate" : "remote-candidate", candidate); });
}

void tell_candidates(const Context& context, const Handle& handle, bool ours, const Json& jsep) {
  if (context.bus.wanted(event::Kind::WebRtc)) {
    each_candidate(jsep["sdp"].as_text(), [&](std::string_view candidate) {
      tell_candidate(context, handle, ours, candidate);
    });
  }
}

Json endpoint_json(const Address& address, const char* type) {
  return Json::object({{"address", address.ip()},
                       {"port", static_cast<int>(address.port())},
                       {"type", type},
                       {"transport", "udp"},
                       {"family", address.is_v4() ? 4 : 6}});
}

/// Our candidate of the remote's family, which is where its packets came in.
Address local_for(const Context& context, const Address& remote) {
  for (const std::string& candidate : context.engine.local_transport().candidates) {
    // RFC 8839 5.1: foundation, component, transport, priority, address, port.
    std::istringstream words(candidate);
    std::string skipped;
    std::string ip;
    std::uint16_t port = 0;
    words >> skipped >> skipped >> skipped >> skipped >> ip >> port;
    const auto address = Address::parse(ip, port);
    if (address && address->is_v4() == remote.is_v4()) {
      return *address;
    }
  }
  return {};
}

void tell_ice(const Context& context, const Handle& handle, const char* state) {
  context.bus.emit(event::kIceState, subject_of(handle), [&] { return ice_body("ice", state); });
}

void tell_dtls(const Context& context, const Handle& handle, const char* state) {
  context.bus.emit(event::kDtlsState, subject_of(handle),
                   [&] { return ice_body("dtls", state).set("retransmissions", 0); });
}

}  // namespace

void tell_started(const Context& context) {
  context.bus.emit(event::kStarted, {}, [&] {
    return Json::object({{"status", "started"}, {"info", info_json(context)}});
  });
}

void tell_client_opened(const Context& context, ClientId client, const ClientInfo& info) {
  if (info.inner) {
    return;
  }
  context.bus.emit(event::kTransport, {}, [&] {
    return transport_json(context, client)
        .set("data", Json::object({{"event", info.pushes ? "connected" : "request"},
                                   {"admin_api", info.admin},
                                   {"ip", info.address}}));
  });
}

void tell_client_closed(const Context& context, ClientId client, const ClientInfo& info) {
  if (info.inner || !info.pushes) {
    return;
  }
  context.bus.emit(event::kTransport, {}, [&] {
    return transport_json(context, client).set("data", Json::object({{"event", "disconnected"}}));
  });
}

void tell_session_created(const Context& context, std::uint64_t session, ClientId client) {
  context.bus.emit(event::kSession, {session, 0, {}}, [&] {
    return Json::object({{"name", "created"}, {"transport", transport_json(context, client)}});
  });
}

void tell_session_over(const Context& context, std::uint64_t session, std::string_view name) {
  context.bus.emit(event::kSession, {session, 0, {}}, [&] {
    return Json::object({{"name", name}});
  });
}

void tell_handle(const Context& context, const Handle& handle, std::string_view name) {
  context.bus.emit(event::kHandle, subject_of(handle), [&] {
    Json body = Json::object({{"name", name}, {"plugin", handle.plugin}});
    if (!handle.opaque_id.empty()) {
      body.set("opaque_id", handle.opaque_id);
    }
    return body;
  });
}

void tell_remote_jsep(const Context& context, const Handle& handle, const Json& jsep) {
  tell_jsep(context, handle, "remote", jsep);
  tell_candidates(context, handle, false, jsep);
}

void tell_local_jsep(const Context& context, const Handle& handle, const Json& jsep) {
  tell_candidates(context, handle, true, jsep);
  tell_jsep(context, handle, "local", jsep);
}

void tell_remote_candidate(const Context& context, const Handle& handle, const Json& candidate) {
  constexpr std::string_view kPrefix = "candidate:";
  std::string_view text = candidate["candidate"].as_text();
  if (text.starts_with(kPrefix)) {
    text.remove_prefix(kPrefix.size());
  }
  if (!text.empty()) {
    tell_candidate(context, handle, false, text);
  }
}

void tell_connecting(const Context& context, const Handle& handle) {
  tell_ice(context, handle, "connecting");
}

void tell_path_up(const Context& context, const Handle& handle, const Address& remote) {
  context.bus.emit(event::kSelectedPair, subject_of(handle), [&] {
    const Address local = local_for(context, remote);
    return ice_body("selected-pair",
                    local.to_string() + " [host,udp] <-> " + remote.to_string() + " [prflx,udp]")
        .set("candidates", Json::object({{"local", endpoint_json(local, "host")},
                                         {"remote", endpoint_json(remote, "prflx")}}));
  });
  tell_ice(context, handle, "connected");
  tell_ice(context, handle, "ready");
  tell_dtls(context, handle, "trying");
}

void tell_connection_up(const Context& context, const Handle& handle) {
  tell_dtls(context, handle, "connected");
  context.bus.emit(event::kConnectionState, subject_of(handle), [] {
    return Json::object({{"connection", "webrtcup"}});
  });
}

void tell_connection_down(const Context& context, const Handle& handle, std::string_view reason) {
  if (reason.starts_with("ICE")) {
    tell_ice(context, handle, "failed");
  }
  context.bus.emit(event::kConnectionState, subject_of(handle), [&] {
    return Json::object({{"connection", "hangup"}, {"reason", reason}});
  });
}

void tell_media_flow(const Context& context, const Handle& handle, std::uint32_t line,
                     bool receiving) {
  context.bus.emit(event::kMediaState, subject_of(handle),
                   [&] { return line_json(handle, line).set("receiving", receiving); });
}

void tell_slow_link(const Context& context, const Handle& handle, std::uint32_t line, bool uplink,
                    std::uint32_t lost) {
  context.bus.emit(event::kSlowLink, subject_of(handle), [&] {
    return line_json(handle, line)
        .set("slow_link", uplink ? "uplink" : "downlink")
        .set("lost_lastsec", lost);
  });
}

}  // namespace cardea::session
