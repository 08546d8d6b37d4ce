// ICE candidate lines (RFC 8839 5.1): parse, write, judge whether one may be used, and keep a
// bounded set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/address.hpp"

namespace cardea::ice {

enum class CandidateTransport : std::uint8_t { Udp, Tcp };
enum class CandidateType : std::uint8_t { Host, ServerReflexive, PeerReflexive, Relayed };
enum class TcpType : std::uint8_t { None, Active, Passive, SimultaneousOpen };

struct Candidate {
  std::string foundation;
  std::uint16_t component = 1;
  CandidateTransport transport = CandidateTransport::Udp;
  std::uint32_t priority = 0;
  /// Empty when `host_name` is set.
  Address address;
  /// A name ("x.local", mDNS); never resolved by us. The port is in `host_port`.
  std::string host_name;
  std::uint16_t host_port = 0;
  CandidateType type = CandidateType::Host;
  TcpType tcp_type = TcpType::None;
  std::optional<Address> related;
};

/// Why a well-formed candidate is or is not used (threat I2: nobody may aim us at such an address).
enum class CandidateUse : std::uint8_t {
  Usable,
  Name,  // mDNS or other name
  Loopback,
  LinkLocal,
  Multicast,
  Unspecified,
  Broadcast,
  PortZero,
};

/// Reads "candidate:..." with or without "a=" before it. Unknown extension attributes are skipped.
/// @param line at most 512 bytes.
Result<Candidate> parse_candidate(std::string_view line);

/// Writes "candidate:..." without "a=".
std::string format_candidate(const Candidate& candidate);

CandidateUse classify(const Candidate& candidate);
/// The same for a bare address; never Name.
CandidateUse classify(const Address& address);

/// Candidates that a remote named for one component: distinct, usable, and no more than 32 (RFC
/// 8445 asks for a cap).
class RemoteCandidates {
 public:
  static constexpr std::size_t kMax = 32;
  enum class Added : std::uint8_t { Yes, Duplicate, Ignored, Full, Malformed };

  /// @param allow_loopback for tests and servers on one machine.
  explicit RemoteCandidates(bool allow_loopback = false) : allow_loopback_(allow_loopback) {}

  Added add(std::string_view line);
  [[nodiscard]] const std::vector<Candidate>& list() const { return list_; }

 private:
  bool allow_loopback_;
  std::vector<Candidate> list_;
};

}  // namespace cardea::ice
