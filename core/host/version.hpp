// The server's own version.
#pragma once

namespace cardea::host {

inline constexpr const char* kVersion = CARDEA_VERSION;

}  // namespace cardea::host
