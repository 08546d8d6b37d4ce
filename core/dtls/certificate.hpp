// The server's DTLS certificate: P-256, self-signed, made at start, shared by all endpoints.
#pragma once

#include <memory>

#include <openssl/ssl.h>

#include <cardea/sdk/result.hpp>

#include "core/dtls/fingerprint.hpp"

namespace cardea::dtls {

/// Immutable once made. [any] may share it; OpenSSL counts references to the context with atomics.
class Certificate {
 public:
  /// Makes a key and a certificate valid for one year, and the SSL_CTX that all endpoints use.
  /// Reads OpenSSL's random source and the wall clock; about 0.2 ms.
  static Result<std::shared_ptr<const Certificate>> generate();

  /// SHA-256, for SDP.
  [[nodiscard]] const Fingerprint& fingerprint() const { return fingerprint_; }
  /// DTLS 1.2, both roles, certificate set, SRTP profiles in our order. Borrowed.
  [[nodiscard]] SSL_CTX* context() const { return context_.get(); }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  using ContextPtr = std::unique_ptr<SSL_CTX, FreeContext>;

  Certificate(ContextPtr context, Fingerprint fingerprint)
      : context_(std::move(context)), fingerprint_(fingerprint) {}

  ContextPtr context_;
  Fingerprint fingerprint_;
};

}  // namespace cardea::dtls
