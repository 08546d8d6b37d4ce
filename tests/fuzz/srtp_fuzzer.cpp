// Fuzzes SRTP and SRTCP: forged packets are refused, and whatever can be protected opens again. The
// first byte picks profile and mode.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "core/srtp/session.hpp"

namespace {

using namespace cardea;
using srtp::Profile;
using srtp::Session;

constexpr std::array kProfiles{Profile::AeadAes128Gcm, Profile::AeadAes256Gcm,
                               Profile::Aes128CmSha1_80};

Session make_session(Profile profile) {
  const std::vector<std::uint8_t> key(srtp::key_size(profile), 1);
  const std::vector<std::uint8_t> salt(srtp::salt_size(profile), 2);
  return *Session::create(profile, key, salt);
}

void open_noise(Profile profile, bool rtcp, Bytes input) {
  Session receiver = make_session(profile);
  // An exact copy on the heap: the sanitizer sees any byte too far.
  std::vector<std::uint8_t> packet(input.begin(), input.end());
  if (rtcp ? receiver.unprotect_rtcp(packet) : receiver.unprotect_rtp(packet)) {
    std::abort();
  }
}

void round_trip(Profile profile, bool rtcp, Bytes input) {
  Session sender = make_session(profile);
  Session receiver = make_session(profile);
  const std::size_t overhead = rtcp ? srtp::rtcp_overhead(profile) : srtp::rtp_overhead(profile);
  std::vector<std::uint8_t> packet(input.begin(), input.end());
  packet.resize(input.size() + overhead);
  const auto sealed =
      rtcp ? sender.protect_rtcp(packet, input.size()) : sender.protect_rtp(packet, input.size());
  if (!sealed) {
    return;
  }
  const auto opened = rtcp ? receiver.unprotect_rtcp(packet) : receiver.unprotect_rtp(packet);
  if (!opened || opened.size != input.size() ||
      !std::equal(input.begin(), input.end(), packet.begin())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const Profile profile = kProfiles[(data[0] >> 2) % kProfiles.size()];
  const bool rtcp = (data[0] & 1) != 0;
  const Bytes input(data + 1, size - 1);
  if ((data[0] & 2) != 0) {
    open_noise(profile, rtcp, input);
  } else {
    round_trip(profile, rtcp, input);
  }
  return 0;
}
