// What this server proves itself with towards all its peers: the DTLS certificate.
#pragma once

#include <memory>
#include <string>

#include <cardea/sdk/result.hpp>

namespace cardea::dtls {
class Certificate;
}

namespace cardea::peer {

/// Immutable. [any] may share it.
using Identity = std::shared_ptr<const dtls::Certificate>;

/// A new key and certificate; see dtls::Certificate::generate().
Result<Identity> make_identity();
/// Its SHA-256 digest for SDP, "AB:CD:...".
std::string fingerprint_digest(const Identity& identity);

}  // namespace cardea::peer
