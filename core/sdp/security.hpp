// Refuses descriptions that would give an unprotected or unauthenticated connection (threats M3).
#pragma once

#include <cardea/sdk/result.hpp>

#include "core/sdp/description.hpp"

namespace cardea::sdp {

/// Every m-line in use must be DTLS-protected (UDP/TLS/..., or the old RTP/SAVPF spelling beside a
/// fingerprint), with a fingerprint of sha-256, sha-384 or sha-512, ICE credentials of legal length
/// (RFC 8839 5.4), and a=setup as the side allows.
/// @param is_answer an answer must not say actpass (RFC 5763 5).
Result<void> check_secure(const Description& description, bool is_answer = false);

}  // namespace cardea::sdp
