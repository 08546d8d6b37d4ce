// CRC-32 (ISO 3309, the polynomial of Ethernet) for the STUN FINGERPRINT attribute.
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"

namespace cardea::ice {

std::uint32_t crc32(Bytes bytes);

}  // namespace cardea::ice
