// Reading single a= lines into a description; used by the parser only.
#pragma once

#include <string_view>

#include "core/sdp/description.hpp"

namespace cardea::sdp {

/// Why an attribute was refused, as a static text; null when it was taken or is unknown to us.
using Refusal = const char*;

/// Attributes that may stand at session level and at an m-line: ICE, DTLS.
/// @param known set to false when `name` is none of them.
Refusal read_transport_attribute(TransportInfo& transport, std::string_view name,
                                 std::string_view value, bool& known);

/// Attributes of an m-line, transport ones included; a=mid and directions too.
Refusal read_media_attribute(MediaLine& media, std::string_view name, std::string_view value);

/// "3/recvonly urn:..." into `out`, unless the id is already there or cannot be on the wire.
Refusal read_extmap(std::vector<Extmap>& out, std::string_view value);

/// False when `word` is no direction.
bool read_direction(std::string_view word, Direction& out);

/// Reads what follows "m=".
Refusal read_media_head(MediaLine& media, std::string_view value, std::size_t max_payload_types);

/// Reads what follows "b=" at an m-line; other kinds than AS and TIAS are skipped.
Refusal read_bandwidth(MediaLine& media, std::string_view value);

}  // namespace cardea::sdp
