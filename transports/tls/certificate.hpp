// The certificate that clients see, as a context for new connections: from files, or self-signed.
#pragma once

#include <string>

#include <cardea/sdk/result.hpp>

#include "transports/tls/openssl.hpp"

namespace cardea::tls {

/// Reads and checks both files; the error names the one that is wrong.
Result<ContextPtr> load_certificate(const std::string& cert, const std::string& key);

/// A new key and a certificate for localhost, 127.0.0.1 and ::1.
Result<ContextPtr> self_signed();

}  // namespace cardea::tls
