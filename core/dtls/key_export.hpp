// SRTP keys out of a finished handshake (RFC 5764 4.2).
#pragma once

#include <optional>

#include <openssl/ssl.h>

#include "core/dtls/srtp_keys.hpp"

namespace cardea::dtls {

/// @returns empty when no SRTP profile of ours was negotiated, or the exporter fails.
std::optional<SrtpKeys> export_srtp_keys(SSL* ssl, bool is_client);

}  // namespace cardea::dtls
