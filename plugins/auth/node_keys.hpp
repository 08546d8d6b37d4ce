// Keys and certificates of nodes: programs of people that find each other by an id made of a key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cardea::auth {

struct NodeClaim {
  std::string node_id;
  std::string public_key;   ///< PEM (SubjectPublicKeyInfo) of an RSA key
  std::string certificate;  ///< PEM, self-signed, the id as its common name
};

/// "dpc-node-" and the first 16 hexadecimal digits of SHA-256 over the PEM text of an RSA key; none
/// when it is no such key.
std::optional<std::string> node_id_of(const std::string& public_key);

/// What does not fit together in a claim, as a sentence for people; null: nothing.
const char* fault_of(const NodeClaim& claim);

/// Whether `signature` (base64) is that key's over `text`: RSA with SHA-256 (PKCS #1 v1.5).
bool node_signed(const std::string& public_key, std::string_view text, std::string signature);

}  // namespace cardea::auth
