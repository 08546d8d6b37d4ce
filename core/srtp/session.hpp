// SRTP and SRTCP of one direction (RFC 3711, RFC 7714) on OpenSSL EVP with kept contexts. The
// packet hot path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <cardea/sdk/result.hpp>

#include "core/base/bytes.hpp"
#include "core/srtp/profile.hpp"

namespace cardea::srtp {

enum class SrtpError : std::uint8_t {
  None,
  Malformed,       // too short, not version 2, lengths outside the packet
  NoRoom,          // the buffer cannot take the tag
  AuthFailed,      // forged, damaged, or a wrong key
  Replayed,        // seen before, or older than the window
  TooManyStreams,  // the SSRC cap (threat M4)
  IndexExhausted,  // 2^48 RTP or 2^31 RTCP packets under one key (RFC 3711 9.2)
  Crypto,          // OpenSSL refused; should not happen
};
constexpr std::size_t kSrtpErrorCount = 8;

/// Size of the outcome, or why there is none.
struct SrtpResult {
  std::size_t size = 0;
  SrtpError error = SrtpError::None;

  explicit operator bool() const { return error == SrtpError::None; }
};

struct SessionLimits {
  /// SSRCs with state, counted apart for RTP and RTCP. Receivers keep 64; a sender takes what it
  /// has sinks for.
  std::size_t max_streams = 64;
};

/// Use one object for one direction: either only protect_*() with the local key or only
/// unprotect_*() with the remote one. Allocates only when an SSRC is new. Not thread-safe.
class Session {
 public:
  /// @param key, salt master key and salt of exactly key_size() and salt_size() bytes.
  static Result<Session> create(Profile profile, Bytes key, Bytes salt, SessionLimits limits = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Opens one SRTP packet in place; the result is its size without tag. On an error the bytes are
  /// worthless.
  SrtpResult unprotect_rtp(MutableBytes packet);
  /// Opens one SRTCP compound in place; the result is its size without tag and index. Packets whose
  /// E bit is off are refused as AuthFailed in effect: WebRTC always encrypts.
  SrtpResult unprotect_rtcp(MutableBytes packet);

  /// Protects the first `size` bytes of `buffer` in place and appends the tag; `buffer` needs
  /// rtp_overhead() more bytes. An older sequence number (a retransmission) gets the rollover
  /// counter that it had; it must be the identical packet.
  SrtpResult protect_rtp(MutableBytes buffer, std::size_t size);
  /// The forwarding path: writes `header` (fixed header, CSRCs and extensions, complete) and the
  /// encrypted `payload` to `out`, then the tag. `out` must not overlap the inputs and holds header
  /// + payload + rtp_overhead().
  SrtpResult protect_rtp(Bytes header, Bytes payload, MutableBytes out);
  /// Protects an RTCP compound in place and appends tag and index; `buffer` needs rtcp_overhead()
  /// more bytes.
  SrtpResult protect_rtcp(MutableBytes buffer, std::size_t size);

  /// Forgets an SSRC whose source or sink is gone for good, so that its place is free. Its packets
  /// could be replayed from then on by a new stream of the same SSRC; receivers call it only after
  /// a renegotiation.
  void remove_stream(std::uint32_t ssrc);

  [[nodiscard]] Profile profile() const;
  [[nodiscard]] std::size_t rtp_streams() const;
  [[nodiscard]] std::size_t rtcp_streams() const;

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cardea::srtp
