// The texts of trickle ICE over WHIP: fragments (RFC 8840 9, RFC 9725 4.3) and the ICE lines of
// whole descriptions. Text in, text out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/result.hpp>

namespace cardea::whip {

struct Credentials {
  std::string ufrag, pwd;
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

struct Candidate {
  std::string mid;   ///< of the m-line that it stands in; empty before the first
  std::string text;  ///< "candidate:..." without "a="
};

struct Fragment {
  Credentials credentials;
  std::vector<Candidate> candidates;
  bool end_of_candidates = false;
};

constexpr std::size_t kMaxFragment = 16 << 10;  ///< bytes
constexpr std::size_t kMaxCandidates = 64;      ///< in one fragment

/// An error for what has no credentials, different ones, or is beyond the bounds.
Result<Fragment> parse_fragment(std::string_view text);

/// The first credentials of a description; empty where it has none.
Credentials credentials_of(std::string_view sdp);
/// The description with these credentials in every place and without candidates: what a client that
/// restarts ICE would have offered anew.
std::string with_credentials(std::string_view sdp, const Credentials& credentials);
/// The ICE lines of a description: the fragment that answers a restart.
std::string fragment_of(std::string_view sdp);

}  // namespace cardea::whip
