// Makes the certificate and tells its fingerprint.
#include "core/peer/identity.hpp"

#include "core/dtls/certificate.hpp"

namespace cardea::peer {

Result<Identity> make_identity() { return dtls::Certificate::generate(); }

std::string fingerprint_digest(const Identity& identity) {
  const std::string text = identity->fingerprint().to_string();
  return text.substr(text.find(' ') + 1);
}

}  // namespace cardea::peer
