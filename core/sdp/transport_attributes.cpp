// Reads the attributes of ICE and DTLS.
#include <algorithm>

#include "core/sdp/attributes.hpp"
#include "core/sdp/text.hpp"

namespace cardea::sdp {

namespace {

// RFC 8839 5.4 allows 256 characters.
constexpr std::size_t kMaxCredential = 256;
constexpr std::size_t kMaxFingerprints = 8;
// SHA-512 as hex with colons.
constexpr std::size_t kMaxFingerprintText = 64 * 3 - 1;

char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

std::string mapped(std::string_view text, char (*change)(char)) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), change);
  return out;
}

// Upper case pairs of hex digits with colons between.
bool is_hex_pairs(std::string_view text) {
  if (text.size() % 3 != 2 || text.size() > kMaxFingerprintText) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 3 == 2 ? text[i] != ':' : !is_hex(text[i])) {
      return false;
    }
  }
  return true;
}

Refusal read_fingerprint(TransportInfo& transport, std::string_view value) {
  Fingerprint fingerprint;
  fingerprint.algorithm = mapped(take_word(value), to_lower);
  fingerprint.value = mapped(take_word(value), to_upper);
  if (!is_hex_pairs(fingerprint.value)) {
    return "fingerprint is not hex pairs with colons";
  }
  if (transport.fingerprints.size() == kMaxFingerprints) {
    return "too many fingerprints";
  }
  transport.fingerprints.push_back(std::move(fingerprint));
  return nullptr;
}

Refusal read_setup(TransportInfo& transport, std::string_view value) {
  for (const Setup setup : {Setup::ActPass, Setup::Active, Setup::Passive, Setup::HoldConn}) {
    if (value == to_text(setup)) {
      transport.setup = setup;
      return nullptr;
    }
  }
  return "unknown a=setup";
}

Refusal read_credential(std::string& out, std::string_view value) {
  if (value.empty() || value.size() > kMaxCredential) {
    return "ICE credential is empty or longer than 256";
  }
  out = value;
  return nullptr;
}

}  // namespace

Refusal read_transport_attribute(TransportInfo& transport, std::string_view name,
                                 std::string_view value, bool& known) {
  known = true;
  if (name == "ice-ufrag") {
    return read_credential(transport.ice_ufrag, value);
  }
  if (name == "ice-pwd") {
    return read_credential(transport.ice_pwd, value);
  }
  if (name == "ice-options") {
    transport.ice_options = value;
    return nullptr;
  }
  if (name == "fingerprint") {
    return read_fingerprint(transport, value);
  }
  if (name == "setup") {
    return read_setup(transport, value);
  }
  known = false;
  return nullptr;
}

}  // namespace cardea::sdp
