// The media worker's figures in Janus's words.
#include "core/session/admin_webrtc.hpp"

namespace cardea::session {
namespace {

long microseconds(Time time) { return static_cast<long>(time.time_since_epoch().count()); }

long milliseconds(Duration duration) { return static_cast<long>(duration.count() / 1000); }

Json stream_json(const media::StreamStats& stream, bool incoming) {
  const auto number = [](std::uint64_t value) { return Json(static_cast<unsigned long>(value)); };
  Json out = Json::object();
  out.set("packets", number(stream.packets))
      .set("bytes", number(stream.bytes))
      .set("bytes_lastsec", number(stream.bytes_last_second))
      .set("nacks", number(stream.nacks));
  if (incoming) {
    out.set("retransmissions", number(stream.retransmissions));
  }
  return out;
}

/// "rtcp" of the lowest layer, as Janus has it for each m-line.
void add_rtcp(const media::LineStats& line, Duration round_trip, Json& media) {
  if (line.streams.empty() || line.kind == "data") {
    return;
  }
  const media::StreamStats& stream = line.streams.front();
  Json rtcp = media["rtcp"]["main"];
  if (!rtcp) {
    rtcp = Json::object({{"base", line.kind == "audio" ? 48'000 : 90'000},
                         {"rtt", milliseconds(round_trip)},
                         {"lost", 0},
                         {"lost-by-remote", 0},
                         {"jitter-local", 0},
                         {"jitter-remote", 0}});
    media.set("rtcp", Json::object({{"main", rtcp}}));
  }
  rtcp.set(line.incoming ? "lost" : "lost-by-remote", static_cast<unsigned long>(stream.lost))
      .set(line.incoming ? "jitter-local" : "jitter-remote", milliseconds(stream.jitter));
}

/// Figures of "in" or "out", of a higher simulcast layer under "in_sim1" and "in_sim2".
void add_line(const media::LineStats& line, Duration round_trip, Json& media) {
  Json stats = media["stats"];
  if (!stats) {
    stats = Json::object();
    media.set("stats", stats);
  }
  for (const media::StreamStats& stream : line.streams) {
    std::string name = line.incoming ? "in" : "out";
    if (stream.layer > 0) {
      name += "_sim" + std::to_string(stream.layer);
    }
    stats.set(name, stream_json(stream, line.incoming));
  }
  add_rtcp(line, round_trip, media);
}

}  // namespace

void add_figures(const media::PeerStats& stats, Time now, Json& webrtc) {
  if (!stats.local_address.empty() && !stats.remote_address.empty()) {
    webrtc["ice"].set("selected-pair", stats.local_address + " [host,udp] <-> " +
                                           stats.remote_address + " [prflx,udp]");
  }
  Json dtls = webrtc["dtls"];
  dtls.set("dtls-state", stats.dtls_state);
  if (!stats.srtp_profile.empty()) {
    dtls.set("srtp-profile", stats.srtp_profile);
  }
  if (stats.connected > Duration::zero()) {
    webrtc["ice"].set("connected", microseconds(now - stats.connected));
    dtls.set("connected", microseconds(now - stats.connected));
  }
  if (stats.estimate != 0) {
    webrtc["bwe"].set("estimate", static_cast<unsigned long>(stats.estimate));
    webrtc["bwe"].set("loss", stats.loss);
  }
  for (const media::LineStats& line : stats.lines) {
    Json media = webrtc["media"][std::to_string(line.line)];
    if (media) {
      add_line(line, stats.round_trip, media);
    }
  }
}

}  // namespace cardea::session
