// Numbers of the STUN wire format that the parser and the writer share (RFC 8489, RFC 8445).
#pragma once

#include <cstddef>
#include <cstdint>

namespace cardea::ice::wire {

constexpr std::uint32_t kMagicCookie = 0x2112A442;
constexpr std::uint32_t kFingerprintMask = 0x5354554E;
constexpr std::size_t kIntegritySize = 20;
constexpr std::size_t kAttributeHeader = 4;
// The whole attribute.
constexpr std::size_t kFingerprintSize = 8;

constexpr std::uint16_t kUsername = 0x0006;
constexpr std::uint16_t kMessageIntegrity = 0x0008;
constexpr std::uint16_t kErrorCode = 0x0009;
constexpr std::uint16_t kUnknownAttributes = 0x000A;
constexpr std::uint16_t kXorMappedAddress = 0x0020;
constexpr std::uint16_t kPriority = 0x0024;
constexpr std::uint16_t kUseCandidate = 0x0025;
constexpr std::uint16_t kFingerprint = 0x8028;
constexpr std::uint16_t kIceControlled = 0x8029;
constexpr std::uint16_t kIceControlling = 0x802A;
// Attributes from here on may be skipped by who does not know them.
constexpr std::uint16_t kComprehensionOptional = 0x8000;

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

}  // namespace cardea::ice::wire
