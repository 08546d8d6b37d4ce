// Which addresses a remote may name (threat I2).
#include <algorithm>

#include "core/ice/candidate.hpp"

namespace cardea::ice {

namespace {

CandidateUse classify_v4(const std::uint8_t* ip) {
  if (ip[0] == 0) {
    return CandidateUse::Unspecified;  // 0.0.0.0/8: "this network"
  }
  if (ip[0] == 127) {
    return CandidateUse::Loopback;
  }
  if (ip[0] == 169 && ip[1] == 254) {
    return CandidateUse::LinkLocal;
  }
  if ((ip[0] & 0xF0) == 224) {
    return CandidateUse::Multicast;
  }
  const bool broadcast = std::all_of(ip, ip + 4, [](std::uint8_t byte) { return byte == 255; });
  return broadcast ? CandidateUse::Broadcast : CandidateUse::Usable;
}

CandidateUse classify_v6(const std::uint8_t* ip) {
  if (std::all_of(ip, ip + 15, [](std::uint8_t byte) { return byte == 0; }) && ip[15] <= 1) {
    return ip[15] == 0 ? CandidateUse::Unspecified : CandidateUse::Loopback;
  }
  if (ip[0] == 0xFF) {
    return CandidateUse::Multicast;
  }
  if (ip[0] == 0xFE && (ip[1] & 0xC0) == 0x80) {
    return CandidateUse::LinkLocal;
  }
  return CandidateUse::Usable;
}

}  // namespace

CandidateUse classify(const Address& address) {
  if (address.empty()) {
    return CandidateUse::Unspecified;
  }
  const CandidateUse use =
      address.is_v4() ? classify_v4(address.ip_bytes()) : classify_v6(address.ip_bytes());
  return use == CandidateUse::Usable && address.port() == 0 ? CandidateUse::PortZero : use;
}

CandidateUse classify(const Candidate& candidate) {
  return candidate.host_name.empty() ? classify(candidate.address) : CandidateUse::Name;
}

}  // namespace cardea::ice
