// Description to text.
#pragma once

#include <string>

#include "core/sdp/description.hpp"

namespace cardea::sdp {

/// Deterministic, CRLF line ends. parse(write(d)) equals d for every d that parse() can return.
std::string write(const Description& description);

}  // namespace cardea::sdp
