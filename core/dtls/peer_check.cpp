// Digest of the peer's certificate against the announced one.
#include "core/dtls/peer_check.hpp"

#include <openssl/evp.h>

namespace cardea::dtls {

namespace {

const EVP_MD* digest_of(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::Sha384:
      return EVP_sha384();
    case HashAlgorithm::Sha512:
      return EVP_sha512();
    case HashAlgorithm::Sha256:
      break;
  }
  return EVP_sha256();
}

}  // namespace

bool PeerCheck::accepts(X509* certificate) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const bool matches =
      certificate != nullptr &&
      X509_digest(certificate, digest_of(expected.algorithm()), digest.data(), &size) == 1 &&
      expected.matches(Bytes(digest).first(size));
  mismatch = mismatch || !matches;
  return matches;
}

}  // namespace cardea::dtls
