// Text to Description, in one linear pass under bounds (threats M8).
#pragma once

#include <cstddef>
#include <string_view>

#include <cardea/sdk/result.hpp>

#include "core/sdp/description.hpp"

namespace cardea::sdp {

/// Defaults are those for a client's offer. A client's answer may be larger: as many m-lines as our
/// offer had.
struct ParseLimits {
  std::size_t max_bytes = std::size_t{128} * 1024;
  std::size_t max_mlines = 64;
  std::size_t max_payload_types = 64;  ///< per m-line
  std::size_t max_attributes = 256;    ///< per m-line, and at session level
  std::size_t max_line_bytes = std::size_t{8} * 1024;
};

/// The limits for an answer to an offer of ours with `offered` m-lines: no more m-lines than that,
/// up to 1 MiB.
ParseLimits answer_limits(std::size_t offered);

/// Parses an offer or answer. Lines may end in CRLF or LF; unknown attributes are skipped.
/// Candidates beyond 32 per m-line are not kept, yet counted as attributes.
/// @returns an error that names the line number and the reason. M-lines without a=mid keep an empty
/// mid.
Result<Description> parse(std::string_view text, const ParseLimits& limits = {});

}  // namespace cardea::sdp
