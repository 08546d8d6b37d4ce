// Compares the peer's certificate with the fingerprint that its SDP announced.
#pragma once

#include <openssl/x509.h>

#include "core/dtls/fingerprint.hpp"

namespace cardea::dtls {

/// Hangs at the SSL object as app data, for the verify callback of the shared context.
struct PeerCheck {
  Fingerprint expected;
  bool mismatch = false;

  /// @param certificate may be null. Notes a mismatch.
  bool accepts(X509* certificate);
};

}  // namespace cardea::dtls
