// Member names and their order as Debian's janus 1.1.2 gives them.
#include "core/session/admin_handle_info.hpp"

#include "core/sdp/writer.hpp"
#include "core/session/admin.hpp"
#include "core/session/admin_webrtc.hpp"

namespace cardea::session {
namespace {

Json microseconds(Time time) { return Json(static_cast<long>(time.time_since_epoch().count())); }

Json seconds(Duration duration) {
  return Json(
      static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(duration).count()));
}

/// An inner client came by none.
Json transport_name(const Context& context, const Session& session) {
  const auto& transports = context.settings.transports;
  return session.transport < transports.size() ? Json(transports[session.transport].id) : Json();
}

bool has_media(const Handle& handle, cardea_kind_t kind) {
  const MlineArray& mlines = handle.negotiation.mlines();
  for (std::size_t i = 0; i < mlines.size(); ++i) {
    const cardea_mline_t& mline = mlines.data()[i];
    if (mline.kind == kind && mline.direction != CARDEA_INACTIVE) {
      return true;
    }
  }
  return false;
}

bool retransmits(const Handle& handle) {
  const sdp::Description* local = handle.negotiation.local();
  if (local == nullptr) {
    return false;
  }
  for (const sdp::MediaLine& line : local->media) {
    for (const sdp::PayloadType& type : line.payload_types) {
      if (type.name == "rtx") {
        return true;
      }
    }
  }
  return false;
}

/// Janus's words. Those for states that we do not have are always false: an ICE-lite server waits
/// for no candidates.
Json flags(const Handle& handle) {
  const Negotiation& negotiation = handle.negotiation;
  Json out = Json::object();
  out.set("got-offer", negotiation.offered() || negotiation.has_peer())
      .set("got-answer", negotiation.has_peer())
      .set("negotiated", negotiation.has_peer())
      .set("processing-offer", negotiation.offered() && !negotiation.has_peer())
      .set("starting", negotiation.has_peer() && !handle.up)
      .set("ice-restart", false)
      .set("ready", handle.up)
      .set("stopped", false)
      .set("alert", handle.hung_up)
      .set("trickle", handle.candidates > 0)
      .set("all-trickles", false)
      .set("resend-trickles", false)
      .set("trickle-synced", false)
      .set("data-channels", has_media(handle, CARDEA_DATA))
      .set("has-audio", has_media(handle, CARDEA_AUDIO))
      .set("has-video", has_media(handle, CARDEA_VIDEO))
      .set("new-datachan-sdp", has_media(handle, CARDEA_DATA))
      .set("rfc4588-rtx", retransmits(handle))
      .set("cleaning", false)
      .set("e2ee", negotiation.e2ee());
  return out;
}

Json sdps(const Negotiation& negotiation) {
  Json out = Json::object();
  if (negotiation.local() != nullptr && negotiation.remote() != nullptr) {
    out.set("profile", "UDP/TLS/RTP/SAVPF")
        .set("local", sdp::write(*negotiation.local()))
        .set("remote", sdp::write(*negotiation.remote()));
  }
  return out;
}

Json about(const Context& context, const Session& session, const Handle& handle) {
  Json out = Json::object();
  out.set("session_id", id_json(session.id))
      .set("session_last_activity", microseconds(session.last_activity))
      .set("session_timeout", seconds(session.timeout.value_or(context.settings.session_timeout)))
      .set("session_transport", transport_name(context, session))
      .set("handle_id", id_json(handle.id));
  if (!handle.opaque_id.empty()) {
    out.set("opaque_id", handle.opaque_id);
  }
  out.set("loop-running", true)
      .set("created", microseconds(handle.created))
      .set("current_time", microseconds(context.clock()))
      .set("plugin", handle.plugin);
  const Json specific = handle.feature.describe(handle.object);
  out.set("plugin_specific", specific ? specific : Json::object());
  return out;
}

}  // namespace

void handle_info(VerbCall& call) {
  const Context& context = call.context;
  const Handle& handle = *call.handle;
  Json info = about(context, *call.session, handle);
  if (!call.message["plugin_only"].as_bool()) {
    info.set("flags", flags(handle));
    if (handle.negotiation.has_peer()) {
      info.set("ice-mode", "lite").set("ice-role", "controlled");
    }
    info.set("sdps", sdps(handle.negotiation));
    info.set("queued-packets", 0);
    if (handle.dump) {
      const std::string form = handle.dump->text ? "text2pcap" : "pcap";
      info.set("dump-to-" + form, true).set(form + "-file", handle.dump->path);
    }
    info.set("webrtc", webrtc_json(handle, context.engine));
  }
  const Json answer = Json::object({{"handle_id", id_json(handle.id)}, {"info", info}});
  Json webrtc = info["webrtc"];
  if (!webrtc) {
    admin_success(call, answer);
    return;
  }
  call.context.engine.query_peer(
      handle.id, [later = AdminLater(call), answer, webrtc,
                  now = context.clock()](const std::optional<media::PeerStats>& stats) mutable {
        if (stats) {
          add_figures(*stats, now, webrtc);
        }
        later.succeed(answer);
      });
}

}  // namespace cardea::session
