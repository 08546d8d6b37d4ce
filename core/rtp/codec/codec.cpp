// Names and fixed properties of payload formats.
#include "core/rtp/codec/codec.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace cardea::rtp {

namespace {

enum class Use : std::uint8_t { Audio, Video, Helper };

struct Entry {
  Codec codec;
  std::string_view name;
  std::uint32_t clock_rate;
  std::uint8_t channels;
  Use use;
};

constexpr std::array<Entry, static_cast<std::size_t>(Codec::Unknown)> kEntries = {{
    {Codec::Opus, "opus", 48000, 2, Use::Audio},
    {Codec::MultiOpus, "multiopus", 48000, 6, Use::Audio},
    {Codec::Pcmu, "PCMU", 8000, 1, Use::Audio},
    {Codec::Pcma, "PCMA", 8000, 1, Use::Audio},
    {Codec::G722, "G722", 8000, 1, Use::Audio},
    {Codec::L16, "L16", 48000, 1, Use::Audio},
    {Codec::Vp8, "VP8", 90000, 1, Use::Video},
    {Codec::Vp9, "VP9", 90000, 1, Use::Video},
    {Codec::H264, "H264", 90000, 1, Use::Video},
    {Codec::H265, "H265", 90000, 1, Use::Video},
    {Codec::Av1, "AV1", 90000, 1, Use::Video},
    {Codec::Red, "red", 0, 1, Use::Helper},
    {Codec::Rtx, "rtx", 0, 1, Use::Helper},
    {Codec::UlpFec, "ulpfec", 0, 1, Use::Helper},
    {Codec::FlexFec, "flexfec-03", 0, 1, Use::Helper},
    {Codec::ComfortNoise, "CN", 8000, 1, Use::Helper},
    {Codec::TelephoneEvent, "telephone-event", 8000, 1, Use::Helper},
}};

const Entry* find(Codec codec) {
  const auto at = std::find_if(kEntries.begin(), kEntries.end(),
                               [codec](const Entry& e) { return e.codec == codec; });
  return at == kEntries.end() ? nullptr : &*at;
}

// Not std::tolower: a locale must not change how SDP is read.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

Codec codec_from_name(std::string_view name) {
  const auto at = std::find_if(kEntries.begin(), kEntries.end(),
                               [name](const Entry& e) { return same_name(e.name, name); });
  return at == kEntries.end() ? Codec::Unknown : at->codec;
}

std::string_view codec_name(Codec codec) {
  const Entry* entry = find(codec);
  return entry != nullptr ? entry->name : std::string_view{};
}

std::uint32_t codec_clock_rate(Codec codec) {
  const Entry* entry = find(codec);
  return entry != nullptr ? entry->clock_rate : 0;
}

std::uint8_t codec_channels(Codec codec) {
  const Entry* entry = find(codec);
  return entry != nullptr ? entry->channels : std::uint8_t{1};
}

bool is_video(Codec codec) {
  const Entry* entry = find(codec);
  return entry != nullptr && entry->use == Use::Video;
}

bool is_audio(Codec codec) {
  const Entry* entry = find(codec);
  return entry != nullptr && entry->use == Use::Audio;
}

bool is_primary(Codec codec) { return is_audio(codec) || is_video(codec); }

}  // namespace cardea::rtp
