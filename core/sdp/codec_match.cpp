// Compares codecs by name, clock and profile.
#include "core/sdp/codec_match.hpp"

#include <algorithm>

#include "core/sdp/text.hpp"

namespace cardea::sdp {

namespace {

// Same as what 42e01f says: constrained baseline, level 3.1, which every browser decodes.
constexpr std::string_view kDefaultH264Profile = "42e01f";

bool same_hex(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// Profile and constraints; the level (last two digits) is negotiated by taking the offerer's.
bool same_h264_profile(std::string_view a, std::string_view b) {
  return same_hex(a.substr(0, 4), b.substr(0, 4));
}

std::string_view value_or(std::string_view value, std::string_view fallback) {
  return value.empty() ? fallback : value;
}

std::string_view h264_profile(std::string_view fmtp) {
  // Without the parameter: baseline, level 1 (RFC 6184 8.1).
  return value_or(fmtp_value(fmtp, "profile-level-id"), "42000a");
}

std::string_view h264_mode(std::string_view fmtp) {
  return value_or(fmtp_value(fmtp, "packetization-mode"), "0");
}

std::string_view profile_of(rtp::Codec codec, std::string_view fmtp) {
  switch (codec) {
    case rtp::Codec::Vp9:
      return value_or(fmtp_value(fmtp, "profile-id"), "0");
    case rtp::Codec::Av1:
      return value_or(fmtp_value(fmtp, "profile"), "0");
    case rtp::Codec::H265:
      return value_or(fmtp_value(fmtp, "profile-id"), "1");
    default:
      return {};
  }
}

bool fits(const PayloadType& type, const CodecChoice& choice) {
  if (rtp::codec_from_name(type.name) != choice.codec ||
      type.clock_rate != rtp::codec_clock_rate(choice.codec)) {
    return false;
  }
  if (choice.codec != rtp::Codec::H264) {
    return profile_of(choice.codec, type.fmtp) == profile_of(choice.codec, choice.fmtp);
  }
  const bool is_bare = choice.fmtp.find('=') == std::string::npos;
  const std::string_view wanted =
      is_bare ? std::string_view(choice.fmtp) : fmtp_value(choice.fmtp, "profile-level-id");
  return h264_mode(type.fmtp) == "1" &&
         (wanted.empty() || same_h264_profile(wanted, h264_profile(type.fmtp)));
}

}  // namespace

std::string_view fmtp_value(std::string_view fmtp, std::string_view key) {
  while (!fmtp.empty()) {
    std::string_view value = take_until(fmtp, ';');
    const std::string_view name = trim(take_until(value, '='));
    if (name == key) {
      return trim(value);
    }
  }
  return {};
}

bool same_format(const PayloadType& a, const PayloadType& b) {
  const rtp::Codec codec = rtp::codec_from_name(a.name);
  if (codec != rtp::codec_from_name(b.name) || a.clock_rate != b.clock_rate) {
    return false;
  }
  if (codec == rtp::Codec::H264) {
    return h264_mode(a.fmtp) == h264_mode(b.fmtp) &&
           same_h264_profile(h264_profile(a.fmtp), h264_profile(b.fmtp));
  }
  return profile_of(codec, a.fmtp) == profile_of(codec, b.fmtp);
}

const PayloadType* find_codec(const MediaLine& line, const CodecChoice& choice) {
  const auto at = std::find_if(line.payload_types.begin(), line.payload_types.end(),
                               [&choice](const PayloadType& type) { return fits(type, choice); });
  return at == line.payload_types.end() ? nullptr : &*at;
}

const PayloadType* find_rtx(const MediaLine& line, std::uint8_t number) {
  const auto at = std::find_if(
      line.payload_types.begin(), line.payload_types.end(), [number](const PayloadType& type) {
        std::uint8_t repaired = 0;
        return rtp::codec_from_name(type.name) == rtp::Codec::Rtx &&
               to_number(fmtp_value(type.fmtp, "apt"), repaired) && repaired == number;
      });
  return at == line.payload_types.end() ? nullptr : &*at;
}

const PayloadType* find_red(const MediaLine& line, std::uint8_t number) {
  const auto at = std::find_if(line.payload_types.begin(), line.payload_types.end(),
                               [number](const PayloadType& type) {
                                 std::uint8_t first = 0;
                                 std::string_view list = type.fmtp;
                                 return rtp::codec_from_name(type.name) == rtp::Codec::Red &&
                                        to_number(take_until(list, '/'), first) && first == number;
                               });
  return at == line.payload_types.end() ? nullptr : &*at;
}

std::string offered_fmtp(const CodecChoice& choice) {
  if (choice.fmtp.find('=') != std::string::npos) {
    return choice.fmtp;
  }
  switch (choice.codec) {
    case rtp::Codec::H264:
      return "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=" +
             std::string(value_or(choice.fmtp, kDefaultH264Profile));
    case rtp::Codec::Vp9:
      return "profile-id=0";
    case rtp::Codec::Opus:
      return "minptime=10;useinbandfec=1";
    default:
      return {};
  }
}

std::uint32_t rtx_of(const MediaLine& line, std::uint32_t ssrc) {
  for (const SsrcGroup& group : line.ssrc_groups) {
    if (group.semantics == "FID" && group.ssrcs.size() == 2 && group.ssrcs[0] == ssrc) {
      return group.ssrcs[1];
    }
  }
  return 0;
}

}  // namespace cardea::sdp
