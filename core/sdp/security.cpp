// The rules of RFC 8827 and RFC 5763 that an offer or answer must keep before we connect.
#include "core/sdp/security.hpp"

#include <algorithm>
#include <string>

#include "core/sdp/text.hpp"

namespace cardea::sdp {

namespace {

std::size_t digest_size(const std::string& algorithm) {
  if (algorithm == "sha-256") {
    return 32;
  }
  if (algorithm == "sha-384") {
    return 48;
  }
  return algorithm == "sha-512" ? 64 : 0;
}

bool is_strong(const Fingerprint& fingerprint) {
  const std::size_t size = digest_size(fingerprint.algorithm);
  return size != 0 && fingerprint.value.size() == size * 3 - 1;
}

bool is_ice_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
         c == '/';
}

bool is_credential(const std::string& text, std::size_t least) {
  // Some older clients write '-' and '_' (base64url); they mean no harm.
  return text.size() >= least && std::all_of(text.begin(), text.end(), [](char c) {
           return is_ice_char(c) || c == '-' || c == '_' || c == '=';
         });
}

bool is_dtls_protocol(const std::string& protocol) {
  return starts_with(protocol, "UDP/TLS/") || starts_with(protocol, "TCP/TLS/") ||
         starts_with(protocol, "TCP/DTLS/") || starts_with(protocol, "UDP/DTLS/") ||
         starts_with(protocol, "DTLS/SCTP") ||
         // Chromium before 2019 and Janus's older clients; DTLS comes from the fingerprint.
         starts_with(protocol, "RTP/SAVP");
}

const char* transport_fault(const TransportInfo& transport, bool is_answer) {
  const auto& prints = transport.fingerprints;
  if (prints.empty()) {
    return "no DTLS fingerprint";
  }
  if (std::none_of(prints.begin(), prints.end(), is_strong)) {
    return "no DTLS fingerprint of sha-256 or better";
  }
  if (!is_credential(transport.ice_ufrag, 4) || !is_credential(transport.ice_pwd, 22)) {
    return "ICE credentials missing, too short or of wrong characters";
  }
  if (transport.setup == Setup::HoldConn || (is_answer && transport.setup == Setup::ActPass)) {
    return "a=setup does not fit";
  }
  return nullptr;
}

}  // namespace

Result<void> check_secure(const Description& description, bool is_answer) {
  for (std::size_t i = 0; i < description.media.size(); ++i) {
    const MediaLine& line = description.media[i];
    if (line.rejected()) {
      continue;
    }
    const char* fault = is_dtls_protocol(line.protocol)
                            ? transport_fault(description.transport_of(line), is_answer)
                            : "protocol is not protected by DTLS";
    // In a bundle only the tagged m-line must carry the transport (RFC 8843 9.1).
    if (fault != nullptr && is_dtls_protocol(line.protocol) && description.is_bundled(line.mid) &&
        line.transport == TransportInfo{}) {
      fault = transport_fault(description.bundle_transport(), is_answer);
    }
    if (fault != nullptr) {
      return Error{"m-line " + std::to_string(i) + ": " + fault};
    }
  }
  return {};
}

}  // namespace cardea::sdp
