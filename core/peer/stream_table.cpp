// Announced SSRCs, and learning of those that were not.
#include "core/peer/stream_table.hpp"

#include <algorithm>

namespace cardea::peer {
namespace {

// Powers of two; at 4 Mbit/s of video a second is about 450 packets, audio has 50.
constexpr std::size_t kVideoCacheSlots = 1024;
constexpr std::size_t kAudioCacheSlots = 64;

bool accepts(const LineParams& params) {
  return params.active && params.receives && params.kind != LineParams::Kind::Data;
}

}  // namespace

rtp::ExtensionIds to_rtp_ids(const ExtensionIds& ids) {
  using Kind = rtp::ExtensionKind;
  rtp::ExtensionIds out;
  const std::pair<Kind, std::uint8_t> all[] = {
      {Kind::Mid, ids.mid},
      {Kind::Rid, ids.rid},
      {Kind::RepairedRid, ids.repaired_rid},
      {Kind::AudioLevel, ids.audio_level},
      {Kind::AbsSendTime, ids.abs_send_time},
      {Kind::TransportCc, ids.transport_cc},
      {Kind::VideoOrientation, ids.video_orientation},
      {Kind::PlayoutDelay, ids.playout_delay},
      {Kind::DependencyDescriptor, ids.dependency_descriptor},
  };
  for (const auto& [kind, id] : all) {
    if (id != 0) {
      out.set(kind, id);
    }
  }
  return out;
}

void StreamTable::configure(const std::vector<LineParams>& lines) {
  lines_.resize(std::max(lines_.size(), lines.size()));
  ids_ = rtp::ExtensionIds();
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    configure_line(i, lines[i]);
  }
}

void StreamTable::configure_line(std::uint32_t index, const LineParams& params) {
  SourceLine& line = lines_[index];
  const bool video = params.kind == LineParams::Kind::Video;
  if (!accepts(params) || line.mid != params.mid || line.video != video) {
    for (std::uint8_t layer = 0; layer < kMaxLayers; ++layer) {
      forget(index, layer);
    }
    line = SourceLine();
  }
  line.mid = params.mid;
  line.video = video;
  if (!accepts(params)) {
    return;
  }
  line.active = true;
  line.nack = params.nack;
  for (const auto& stream : line.layers) {
    if (stream) {
      stream->set_nack(line.nack);
    }
  }
  line.pli = params.pli;
  line.fir = params.fir;
  line.remb = params.remb;
  line.rids = params.rids;
  line.rids.resize(std::min(line.rids.size(), kMaxLayers));
  line.clock_rate = params.payload_types.empty() ? 0 : params.payload_types.front().clock_rate;
  line.payloads.fill({});
  for (const PayloadType& type : params.payload_types) {
    line.payloads[type.number & 0x7F] = {PayloadInfo::Use::Media, type.codec, 0};
    if (type.rtx_number != 0) {
      line.payloads[type.rtx_number & 0x7F] = {PayloadInfo::Use::Rtx, rtp::Codec::Rtx, type.number};
    }
  }
  if (!line.state) {
    line.state = std::make_shared<SourceState>(video ? kVideoCacheSlots : kAudioCacheSlots);
  }
  if (const auto ids = to_rtp_ids(params.extensions); ids != line.state->extensions) {
    line.state->extensions = ids;
    // A sink could not build these again as it sent them.
    for (SourceLayer& layer : line.state->layers) {
      layer.cache.clear();
      layer.frames.clear();
    }
  }
  // Within a BUNDLE group an id has one meaning (RFC 8843 9.1), so any line's ids serve to read
  // what is needed before the line is known.
  for (const auto kind : {rtp::ExtensionKind::Mid, rtp::ExtensionKind::Rid,
                          rtp::ExtensionKind::RepairedRid, rtp::ExtensionKind::TransportCc}) {
    if (const auto id = line.state->extensions.id(kind); id != 0) {
      ids_.set(kind, id);
    }
  }
  announce(index, params);
}

void StreamTable::announce(std::uint32_t index, const LineParams& params) {
  for (std::size_t i = 0; i < std::min(params.remote_ssrcs.size(), kMaxLayers); ++i) {
    const auto layer = static_cast<std::uint8_t>(i);
    const auto& stream = lines_[index].layers[i];
    if (!stream || stream->place().ssrc != params.remote_ssrcs[i]) {
      learn(params.remote_ssrcs[i], {index, layer, false});
    }
    if (i < params.remote_rtx_ssrcs.size()) {
      learn(params.remote_rtx_ssrcs[i], {index, layer, true});
    }
  }
}

bool StreamTable::learn(std::uint32_t ssrc, const Target& target) {
  SourceLine& line = lines_[target.line];
  if (!target.rtx) {
    forget(target.line, target.layer);
  }
  std::erase_if(entries_, [&](const Entry& entry) {
    return entry.ssrc == ssrc ||
           (entry.line == target.line && entry.layer == target.layer && entry.rtx == target.rtx);
  });
  if (entries_.size() >= kMaxSsrcs) {
    return false;
  }
  entries_.push_back({ssrc, target.line, target.layer, target.rtx});
  if (!target.rtx) {
    const ReceiveStream::Place place{target.line, target.layer, ssrc, ++last_epoch_};
    line.layers[target.layer] = std::make_unique<ReceiveStream>(place, line.clock_rate, line.nack);
  }
  return true;
}

void StreamTable::forget(std::uint32_t line, std::uint8_t layer) {
  std::erase_if(entries_,
                [&](const Entry& entry) { return entry.line == line && entry.layer == layer; });
  lines_[line].layers[layer].reset();
}

StreamTable::Found StreamTable::found(const Entry& entry, std::uint8_t payload_type) {
  Found result;
  SourceLine& line = lines_[entry.line];
  const PayloadInfo payload = line.payloads[payload_type & 0x7F];
  const auto expected = entry.rtx ? PayloadInfo::Use::Rtx : PayloadInfo::Use::Media;
  if (payload.use == expected && line.layers[entry.layer]) {
    result.stream = line.layers[entry.layer].get();
    result.line = &line;
    result.payload = payload;
  }
  return result;
}

StreamTable::Found StreamTable::find(const rtp::Packet& packet) {
  const std::uint32_t ssrc = packet.ssrc();
  for (const Entry& entry : entries_) {
    if (entry.ssrc == ssrc) {
      return found(entry, packet.payload_type());
    }
  }
  return learns_ ? latch(packet) : Found();
}

ReceiveStream* StreamTable::by_ssrc(std::uint32_t ssrc) const {
  for (const Entry& entry : entries_) {
    if (entry.ssrc == ssrc && !entry.rtx) {
      return lines_[entry.line].layers[entry.layer].get();
    }
  }
  return nullptr;
}

StreamTable::Found StreamTable::latch(const rtp::Packet& packet) {
  const auto target = target_of(packet);
  if (!target || (target->rtx && !lines_[target->line].layers[target->layer])) {
    return {};
  }
  if (!learn(packet.ssrc(), *target)) {
    Found full;
    full.why = Drop::SsrcCap;
    return full;
  }
  return found(entries_.back(), packet.payload_type());
}

std::optional<StreamTable::Target> StreamTable::target_of(const rtp::Packet& packet) const {
  const auto index = line_of(packet);
  if (!index) {
    return std::nullopt;
  }
  const SourceLine& line = lines_[*index];
  const auto use = line.payloads[packet.payload_type()].use;
  if (!line.active || use == PayloadInfo::Use::None) {
    return std::nullopt;
  }
  const bool rtx = use == PayloadInfo::Use::Rtx;
  if (line.rids.empty()) {
    return Target{*index, 0, rtx};
  }
  const auto kind = rtx ? rtp::ExtensionKind::RepairedRid : rtp::ExtensionKind::Rid;
  const auto layer = layer_of(line, rtp::find_text_extension(packet, ids_.id(kind)));
  return layer ? std::optional<Target>({*index, *layer, rtx}) : std::nullopt;
}

std::optional<std::uint32_t> StreamTable::line_of(const rtp::Packet& packet) const {
  const std::string_view mid = rtp::find_text_extension(packet, ids_.id(rtp::ExtensionKind::Mid));
  std::optional<std::uint32_t> only;
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const SourceLine& line = lines_[i];
    if (!line.active) {
      continue;
    }
    if (!mid.empty()) {
      if (line.mid == mid) {
        return i;
      }
    } else if (line.payloads[packet.payload_type()].use != PayloadInfo::Use::None) {
      if (only) {
        return std::nullopt;
      }
      only = i;
    }
  }
  return only;
}

std::optional<std::uint8_t> StreamTable::layer_of(const SourceLine& line, std::string_view rid) {
  for (std::size_t i = 0; i < line.rids.size(); ++i) {
    if (line.rids[i] == rid) {
      return static_cast<std::uint8_t>(i);
    }
  }
  return std::nullopt;
}

}  // namespace cardea::peer
