// Parser and writer of candidate lines.
#include "core/ice/candidate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace cardea::ice {

namespace {

// A real line has about 150 bytes.
constexpr std::size_t kMaxLine = 512;
constexpr std::size_t kMaxFoundation = 32;
constexpr std::size_t kMaxHostName = 253;

constexpr std::array<std::pair<std::string_view, CandidateType>, 4> kTypes{{
    {"host", CandidateType::Host},
    {"srflx", CandidateType::ServerReflexive},
    {"prflx", CandidateType::PeerReflexive},
    {"relay", CandidateType::Relayed},
}};

constexpr std::array<std::pair<std::string_view, TcpType>, 3> kTcpTypes{{
    {"active", TcpType::Active},
    {"passive", TcpType::Passive},
    {"so", TcpType::SimultaneousOpen},
}};

/// Words between spaces.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  /// Empty at the end.
  std::string_view next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    return word;
  }

 private:
  std::string_view rest_;
};

template <typename T>
std::optional<T> number(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

template <typename Table>
auto find_in(const Table& table, std::string_view name)
    -> std::optional<decltype(table[0].second)> {
  for (const auto& [key, value] : table) {
    if (key == name) {
      return value;
    }
  }
  return std::nullopt;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHostName &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
             std::string_view::npos;
}

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
  });
}

bool parse_transport(std::string_view word, Candidate& out) {
  if (equals_ignoring_case(word, "tcp")) {
    out.transport = CandidateTransport::Tcp;
    return true;
  }
  return equals_ignoring_case(word, "udp");
}

bool parse_host(std::string_view host, std::uint16_t port, Candidate& out) {
  if (auto address = Address::parse(host, port)) {
    out.address = *address;
    return true;
  }
  // A name holds a letter; "1.2.3" is a broken address, not a name.
  if (!is_name(host) || host.find_first_not_of("0123456789.") == std::string_view::npos) {
    return false;
  }
  out.host_name = host;
  out.host_port = port;
  return true;
}

/// The name and value pairs behind the type. Unknown ones are allowed (RFC 8839 5.1).
bool parse_extensions(Words words, Candidate& out) {
  std::string_view related_ip;
  for (auto name = words.next(); !name.empty(); name = words.next()) {
    const std::string_view value = words.next();
    if (value.empty()) {
      return false;
    }
    if (name == "raddr") {
      related_ip = value;
    } else if (name == "rport") {
      const auto port = number<std::uint16_t>(value);
      if (!port) {
        return false;
      }
      // The related address is for diagnosis only: a name or a hidden one is left out.
      if (auto related = Address::parse(related_ip, *port)) {
        out.related = *related;
      }
    } else if (name == "tcptype") {
      const auto tcp_type = find_in(kTcpTypes, value);
      if (!tcp_type) {
        return false;
      }
      out.tcp_type = *tcp_type;
    }
  }
  return true;
}

template <typename Table, typename Value>
std::string_view name_in(const Table& table, Value value) {
  for (const auto& [name, entry] : table) {
    if (entry == value) {
      return name;
    }
  }
  return {};
}

}  // namespace

Result<Candidate> parse_candidate(std::string_view line) {
  const auto bad = [](const char* what) { return Error{std::string("candidate: bad ") + what}; };
  if (line.size() > kMaxLine) {
    return bad("length");
  }
  if (line.starts_with("a=")) {
    line.remove_prefix(2);
  }
  if (!line.starts_with("candidate:")) {
    return bad("prefix");
  }
  line.remove_prefix(10);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) {
    line.remove_suffix(1);
  }
  Candidate out;
  Words words(line);
  out.foundation = words.next();
  const auto component = number<std::uint16_t>(words.next());
  const bool transport_ok = parse_transport(words.next(), out);
  const auto priority = number<std::uint32_t>(words.next());
  const std::string_view host = words.next();
  const auto port = number<std::uint16_t>(words.next());
  const bool typ = words.next() == "typ";
  const auto type = find_in(kTypes, words.next());
  if (out.foundation.empty() || out.foundation.size() > kMaxFoundation) {
    return bad("foundation");
  }
  if (!component || *component < 1 || *component > 256) {
    return bad("component");
  }
  if (!transport_ok || !priority) {
    return bad("transport or priority");
  }
  if (!port || !parse_host(host, *port, out)) {
    return bad("address or port");
  }
  if (!typ || !type) {
    return bad("type");
  }
  out.component = *component;
  out.priority = *priority;
  out.type = *type;
  if (!parse_extensions(words, out)) {
    return bad("extension");
  }
  return out;
}

std::string format_candidate(const Candidate& candidate) {
  const bool named = !candidate.host_name.empty();
  const std::uint16_t port = named ? candidate.host_port : candidate.address.port();
  std::string line =
      "candidate:" + candidate.foundation + " " + std::to_string(candidate.component) +
      (candidate.transport == CandidateTransport::Udp ? " UDP " : " TCP ") +
      std::to_string(candidate.priority) + " " +
      (named ? candidate.host_name : candidate.address.ip()) + " " + std::to_string(port) + " typ ";
  line += name_in(kTypes, candidate.type);
  if (candidate.related) {
    line +=
        " raddr " + candidate.related->ip() + " rport " + std::to_string(candidate.related->port());
  }
  if (candidate.tcp_type != TcpType::None) {
    line += " tcptype ";
    line += name_in(kTcpTypes, candidate.tcp_type);
  }
  return line;
}

RemoteCandidates::Added RemoteCandidates::add(std::string_view line) {
  // Before the parser: what cannot be kept is not worth reading.
  if (list_.size() >= kMax) {
    return Added::Full;
  }
  auto candidate = parse_candidate(line);
  if (!candidate) {
    return Added::Malformed;
  }
  const CandidateUse use = classify(*candidate);
  const bool allowed =
      use == CandidateUse::Usable || (use == CandidateUse::Loopback && allow_loopback_);
  if (!allowed || candidate->component != 1) {
    return Added::Ignored;
  }
  const bool known = std::any_of(list_.begin(), list_.end(), [&](const Candidate& other) {
    return other.address == candidate->address && other.transport == candidate->transport;
  });
  if (known) {
    return Added::Duplicate;
  }
  list_.push_back(*std::move(candidate));
  return Added::Yes;
}

}  // namespace cardea::ice
