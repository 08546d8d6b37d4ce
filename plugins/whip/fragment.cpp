#include "plugins/whip/fragment.hpp"

#include <algorithm>

namespace cardea::whip {

namespace {

constexpr std::string_view kUfrag = "a=ice-ufrag:";
constexpr std::string_view kPwd = "a=ice-pwd:";
constexpr std::string_view kMid = "a=mid:";
constexpr std::string_view kCandidate = "a=candidate:";
constexpr std::string_view kEnd = "a=end-of-candidates";
// RFC 8839 5.4: 4 to 256 and 22 to 256 characters.
constexpr std::size_t kMaxCredential = 256;

/// Takes the next line off a text, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

bool is_ice_text(std::string_view text, std::size_t least) {
  return text.size() >= least && text.size() <= kMaxCredential &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '+' || c == '/';
         });
}

/// The same value in every m-line: everything is bundled.
bool take_once(std::string& into, std::string_view value) {
  const bool same = into.empty() || into == value;
  into = value;
  return same;
}

}  // namespace

Result<Fragment> parse_fragment(std::string_view text) {
  if (text.size() > kMaxFragment) {
    return Error{"the fragment is too long"};
  }
  Fragment out;
  std::string mid;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    bool good = true;
    if (line.starts_with(kUfrag)) {
      good = take_once(out.credentials.ufrag, line.substr(kUfrag.size()));
    } else if (line.starts_with(kPwd)) {
      good = take_once(out.credentials.pwd, line.substr(kPwd.size()));
    } else if (line.starts_with(kMid)) {
      mid = line.substr(kMid.size());
    } else if (line.starts_with(kCandidate)) {
      good = out.candidates.size() < kMaxCandidates;
      out.candidates.push_back({mid, std::string(line.substr(2))});
    } else if (line == kEnd) {
      out.end_of_candidates = true;
    } else {
      good = line.empty() || (line.size() > 2 && line[1] == '=');
    }
    if (!good) {
      return Error{"the fragment cannot be read at: " + std::string(line.substr(0, 80))};
    }
  }
  if (!is_ice_text(out.credentials.ufrag, 4) || !is_ice_text(out.credentials.pwd, 22)) {
    return Error{"the fragment has no good ice-ufrag and ice-pwd"};
  }
  return out;
}

Credentials credentials_of(std::string_view sdp) {
  Credentials out;
  while (!sdp.empty() && (out.ufrag.empty() || out.pwd.empty())) {
    const std::string_view line = take_line(sdp);
    if (line.starts_with(kUfrag)) {
      out.ufrag = line.substr(kUfrag.size());
    } else if (line.starts_with(kPwd)) {
      out.pwd = line.substr(kPwd.size());
    }
  }
  return out;
}

std::string with_credentials(std::string_view sdp, const Credentials& credentials) {
  std::string out;
  out.reserve(sdp.size() + kMaxCredential);
  while (!sdp.empty()) {
    const std::string_view line = take_line(sdp);
    if (line.starts_with(kUfrag)) {
      out.append(kUfrag).append(credentials.ufrag);
    } else if (line.starts_with(kPwd)) {
      out.append(kPwd).append(credentials.pwd);
    } else if (line.empty() || line.starts_with(kCandidate) || line == kEnd) {
      continue;
    } else {
      out.append(line);
    }
    out.append("\r\n");
  }
  return out;
}

std::string fragment_of(std::string_view sdp) {
  const Credentials credentials = credentials_of(sdp);
  std::string out;
  out.append(kUfrag).append(credentials.ufrag).append("\r\n");
  out.append(kPwd).append(credentials.pwd).append("\r\n");
  // Only the first m-line: the others are bundled with it.
  bool in_first = false;
  // Only the best candidate: npm's whip-whep makes of several a line that browsers refuse.
  bool has_candidate = false;
  while (!sdp.empty()) {
    const std::string_view line = take_line(sdp);
    if (line.starts_with("m=")) {
      if (in_first) {
        break;
      }
      in_first = true;
    }
    const bool candidate = line.starts_with(kCandidate);
    const bool wanted = line.starts_with("m=") || line.starts_with(kMid) || line == kEnd ||
                        (candidate && !has_candidate);
    if (in_first && wanted) {
      out.append(line).append("\r\n");
      has_candidate = has_candidate || candidate;
    }
  }
  return out;
}

}  // namespace cardea::whip
