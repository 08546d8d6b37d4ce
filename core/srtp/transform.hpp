// Encryption and authentication of one packet under one session key, without any stream state.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include <openssl/evp.h>

#include "core/base/bytes.hpp"
#include "core/srtp/key_derivation.hpp"
#include "core/srtp/profile.hpp"

namespace cardea::srtp {

/// Where a packet stands among all of its stream: goes into IV and authentication.
struct PacketPosition {
  std::uint32_t ssrc = 0;
  /// RTP: ROC * 2^16 + SEQ (48 bits). RTCP: the 31-bit SRTCP index.
  std::uint64_t index = 0;
};

/// OpenSSL contexts are made once and only get a new IV for each packet. Not thread-safe.
class Transform {
 public:
  static std::unique_ptr<Transform> create(Profile profile, KeyUse use, const SessionKeys& keys);

  /// Encrypts `plain` into `cipher` (the same place or apart, same size) and writes the tag.
  /// @param clear the bytes in front that are only authenticated; in the output they lie directly
  /// before `cipher`.
  /// @param trailer authenticated after the cipher text: RTP under CM the ROC, RTCP the E|index
  /// word.
  /// @param tag rtp_overhead() bytes.
  bool seal(const PacketPosition& position, Bytes clear, Bytes plain, std::uint8_t* cipher,
            Bytes trailer, std::uint8_t* tag);
  /// The reverse in place. False when the tag is wrong; then `text` is worthless.
  bool open(const PacketPosition& position, Bytes clear, MutableBytes text, Bytes trailer,
            Bytes tag);

 private:
  struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  struct FreeMac {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };

  Transform(Profile profile, KeyUse use, const SessionKeys& keys)
      : profile_(profile), use_(use), salt_(keys.salt) {}
  bool set_up(const SessionKeys& keys);

  [[nodiscard]] std::array<std::uint8_t, 12> gcm_iv(const PacketPosition& position) const;
  [[nodiscard]] std::array<std::uint8_t, 16> cm_iv(const PacketPosition& position) const;
  bool seal_gcm(const PacketPosition& position, Bytes clear, Bytes plain, std::uint8_t* cipher,
                Bytes trailer, std::uint8_t* tag);
  bool open_gcm(const PacketPosition& position, Bytes clear, MutableBytes text, Bytes trailer,
                Bytes tag);
  bool apply_cm(const PacketPosition& position, Bytes from, std::uint8_t* to);
  /// `packet` is clear part and cipher text together.
  bool authenticate(Bytes packet, Bytes trailer, std::uint8_t* tag);

  [[nodiscard]] std::size_t cm_tag_size() const {
    return use_ == KeyUse::Rtp ? rtp_overhead(profile_) : rtcp_tag_size(profile_);
  }

  Profile profile_;
  KeyUse use_;
  std::array<std::uint8_t, 14> salt_;
  std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> cipher_;
  std::unique_ptr<EVP_MAC_CTX, FreeMac> mac_;
};

}  // namespace cardea::srtp
