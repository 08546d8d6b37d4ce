// The periodic figures of each m-line, in Janus's form.
#include <algorithm>
#include <map>

#include "core/session/telling.hpp"

namespace cardea::session {
namespace {

struct Totals {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_last_second = 0;
  std::uint64_t lost = 0;
  std::uint64_t nacks = 0;
  std::uint64_t retransmissions = 0;
  Duration jitter{};
};

struct Line {
  Totals in;
  Totals out;
};

/// All simulcast layers together.
Totals sum(const media::LineStats& line) {
  Totals out;
  for (const media::StreamStats& stream : line.streams) {
    out.packets += stream.packets;
    out.bytes += stream.bytes;
    out.bytes_last_second += stream.bytes_last_second;
    out.lost += stream.lost;
    out.nacks += stream.nacks;
    out.retransmissions += stream.retransmissions;
    out.jitter = std::max(out.jitter, stream.jitter);
  }
  return out;
}

/// Percent of the packets that arrived; 0 while there were none.
long quality(const Totals& totals) {
  const std::uint64_t all = totals.packets + totals.lost;
  return all == 0 ? 0 : static_cast<long>(totals.packets * 100 / all);
}

long milliseconds(Duration duration) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

Json number(std::uint64_t value) { return Json(static_cast<unsigned long>(value)); }

Json head(const cardea_mline_t& mline, std::uint32_t index) {
  Json out = Json::object({{"mid", std::string_view(mline.mid.data, mline.mid.size)},
                           {"mindex", index},
                           {"media", mline.kind == CARDEA_AUDIO ? "audio" : "video"}});
  if (mline.codec_count > 0) {
    out.set("codec", mline.codecs[0].name).set("base", mline.codecs[0].clock_rate);
  }
  return out;
}

Json body(const cardea_mline_t& mline, std::uint32_t index, const Line& line, Duration round_trip) {
  const auto& [in, out] = line;
  return head(mline, index)
      .set("rtt", milliseconds(round_trip))
      .set("lost", number(in.lost))
      .set("lost-by-remote", number(out.lost))
      .set("jitter-local", milliseconds(in.jitter))
      .set("jitter-remote", milliseconds(out.jitter))
      .set("in-link-quality", quality(in))
      .set("in-media-link-quality", quality(in))
      .set("out-link-quality", quality(out))
      .set("out-media-link-quality", quality(out))
      .set("packets-received", number(in.packets))
      .set("packets-sent", number(out.packets))
      .set("bytes-received", number(in.bytes))
      .set("bytes-sent", number(out.bytes))
      .set("bytes-received-lastsec", number(in.bytes_last_second))
      .set("bytes-sent-lastsec", number(out.bytes_last_second))
      .set("nacks-received", number(out.nacks))
      .set("nacks-sent", number(in.nacks))
      .set("retransmissions-received", number(in.retransmissions));
}

}  // namespace

void tell_stats(const Context& context, const Handle& handle, const media::PeerStats& stats) {
  std::map<std::uint32_t, Line> lines;
  for (const media::LineStats& line : stats.lines) {
    if (line.kind != "data") {
      (line.incoming ? lines[line.line].in : lines[line.line].out) = sum(line);
    }
  }
  const MlineArray& mlines = handle.negotiation.mlines();
  for (const auto& entry : lines) {
    const std::uint32_t index = entry.first;
    const Line& line = entry.second;
    if (index < mlines.size()) {
      context.bus.emit(event::kMediaStats, subject_of(handle),
                       [&] { return body(mlines.data()[index], index, line, stats.round_trip); });
    }
  }
}

}  // namespace cardea::session
