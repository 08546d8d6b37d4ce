// The ICE-lite side of one peer (RFC 8445): answers connectivity checks and knows the path and its
// consent.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/path.hpp"
#include "core/base/time.hpp"
#include "core/ice/credentials.hpp"
#include "core/ice/stun_message.hpp"

namespace cardea::ice {

// RFC 7675 5.1: consent expires 30 s after the last proof that the peer wants our packets.
constexpr Duration kConsentTimeout = std::chrono::seconds(30);

enum class StunDrop : std::uint8_t {
  None,
  Malformed,      // no STUN message, bad attribute or fingerprint
  NotARequest,    // response, indication or another method
  UnknownUser,    // no USERNAME, or not for any of our ufrags
  BadIntegrity,   // MESSAGE-INTEGRITY missing or wrong
  ReplyTooLarge,  // an error reply would be longer than the request
};
constexpr std::size_t kStunDropCount = 6;

/// What became of one datagram. A plain value without allocation.
struct StunOutcome {
  StunDrop drop = StunDrop::None;
  /// MESSAGE-INTEGRITY was good and the request was accepted (not answered by an error).
  bool authenticated = false;
  /// The request carried USE-CANDIDATE.
  bool nominated = false;
  /// Which of our credentials it was for: generations are numbered from 0 in their order.
  std::uint64_t generation = 0;
  Path from;

  /// To send to `from`; empty when dropped.
  [[nodiscard]] Bytes reply() const { return Bytes(buffer).first(reply_size); }

  // A success for IPv6 has 76 bytes, an error 420 with four attributes 72.
  std::array<std::uint8_t, 96> buffer{};
  std::size_t reply_size = 0;
};

/// Sans-IO. Nothing is answered and no state changes without a good MESSAGE-INTEGRITY. As lite
/// agent we are always controlled; a request with ICE-CONTROLLED gets 487 (RFC 8445 7.3.1.1), so
/// that the peer takes the controlling role.
class LiteAgent {
 public:
  // An ICE restart keeps the old pair valid; a peer that restarts without end must not grow the
  // list.
  static constexpr std::size_t kMaxGenerations = 4;

  /// Adds a generation, valid beside the earlier ones until a pair of it is nominated; the fifth
  /// pushes out the oldest.
  /// @returns the ufrag that was pushed out (empty: none), or an error when the credentials are too
  /// weak
  ///   (RFC 8445 5.3) or the ufrag is in use already.
  Result<std::string> add_credentials(Credentials credentials);

  /// Judges one STUN datagram and makes the reply; changes nothing.
  [[nodiscard]] StunOutcome judge(Bytes datagram, const Path& from) const;
  /// Takes an authenticated request for what it says: its source becomes the path at the first one,
  /// and later only by USE-CANDIDATE for the same or a later generation. The generations before it
  /// end then.
  void accept(const StunOutcome& request, Time now);
  /// The path is gone; the next request that is accepted makes another.
  void lose_path() { selected_ = Path(); }

  /// The path to send by; empty before the first authenticated request.
  [[nodiscard]] const Path& selected() const { return selected_; }
  [[nodiscard]] bool has_path() const { return !selected_.empty(); }
  /// A request with USE-CANDIDATE has been seen.
  [[nodiscard]] bool nominated() const { return nominated_; }
  /// Time of the last authenticated request. Empty before the first.
  [[nodiscard]] std::optional<Time> last_consent() const { return last_consent_; }
  /// True when consent was given once and is older than 30 s: the caller stops sending at once.
  [[nodiscard]] bool expired(Time now) const;
  /// When expired() turns true if nothing more comes.
  [[nodiscard]] std::optional<Time> next_deadline() const;

  /// All generations, oldest first; the last one is current.
  [[nodiscard]] const std::vector<Credentials>& generations() const { return generations_; }

 private:
  [[nodiscard]] const Credentials* find(std::string_view ufrag) const;

  std::vector<Credentials> generations_;
  /// Number of the first in the list.
  std::uint64_t first_generation_ = 0;
  Path selected_;
  /// Of the request that nominated the path.
  std::uint64_t selected_generation_ = 0;
  bool nominated_ = false;
  std::optional<Time> last_consent_;
};

}  // namespace cardea::ice
