// Writes transport, stream and bandwidth parts into an m-line.
#include "core/sdp/line_parts.hpp"

#include <algorithm>
#include <array>

namespace cardea::sdp {

namespace {

constexpr std::array<std::string_view, 4> kFeedback = {"nack", "nack pli", "ccm fir", "goog-remb"};

}  // namespace

bool is_our_feedback(std::string_view feedback) {
  return std::find(kFeedback.begin(), kFeedback.end(), feedback) != kFeedback.end();
}

Description make_session(const LocalTransport& transport) {
  Description session;
  session.session_id = transport.session_id;
  session.session_version = transport.session_version;
  session.ice_lite = true;
  session.msid_semantic = "WMS *";
  session.has_bundle = true;
  return session;
}

void put_transport(MediaLine& line, const LocalTransport& transport, Setup setup) {
  line.transport.ice_ufrag = transport.ufrag;
  line.transport.ice_pwd = transport.pwd;
  line.transport.fingerprints = {{"sha-256", transport.fingerprint_sha256}};
  line.transport.setup = setup;
  line.candidates = transport.candidates;
  line.end_of_candidates = true;
}

void put_streams(MediaLine& line, const LinePlan& plan, bool with_rtx) {
  if (!sends(line.direction)) {
    return;
  }
  std::string msid;
  if (!plan.msid_stream.empty()) {
    msid = plan.msid_stream + (plan.msid_track.empty() ? "" : " " + plan.msid_track);
    line.msids = {msid};
  }
  if (plan.ssrc == 0) {
    return;
  }
  // A stream without a cname gets one, since browsers drop a=ssrc lines that lack it.
  const std::string cname = plan.cname.empty() ? "cardea" : plan.cname;
  line.ssrcs.push_back({plan.ssrc, cname, msid});
  if (with_rtx && plan.rtx_ssrc != 0) {
    line.ssrcs.push_back({plan.rtx_ssrc, cname, msid});
    line.ssrc_groups.push_back({"FID", {plan.ssrc, plan.rtx_ssrc}});
  }
}

void put_bandwidth(MediaLine& line, std::uint32_t bandwidth_bps) {
  if (bandwidth_bps != 0) {
    line.bandwidth_as_kbps = std::max<std::uint32_t>(1, bandwidth_bps / 1000);
    line.bandwidth_tias_bps = bandwidth_bps;
  }
}

}  // namespace cardea::sdp
