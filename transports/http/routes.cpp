// Sorting requests by method and path.
#include "transports/http/routes.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cardea::http {

namespace {

// Numbers of the Janus API, as in its documentation.
constexpr int kUnsupportedMethod = 450;
constexpr int kInvalidPath = 457;
constexpr std::uint32_t kMostEvents = 100;

constexpr std::uint64_t kLargestId = (std::uint64_t{1} << 53) - 1;

std::optional<std::uint64_t> parse_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && id > 0 && id <= kLargestId ? std::optional(id) : std::nullopt;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) {
      return std::nullopt;
    }
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

/// The first value of that name, undecoded; empty without one.
std::string_view parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

std::uint32_t max_events(std::string_view query) {
  const auto number = parse_id(parameter(query, "maxev"));
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(number.value_or(1), 1, kMostEvents));
}

// "path" is what follows the base: "", "/12", "/12/34", "/info".
Route janus_route(std::string_view method, std::string_view path, std::string_view query) {
  if (method == "OPTIONS") {
    return Preflight{};
  }
  if (method != "GET" && method != "POST") {
    return JanusError{405, kUnsupportedMethod, "Unsupported HTTP method, use GET or POST"};
  }
  if (path == "/") {
    path = {};
  }
  if (method == "GET" && path == "/info") {
    return JanusInfo{};
  }
  std::array<std::uint64_t, 2> ids{};
  std::size_t count = 0;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    const auto id = parse_id(part);
    if (!id || count == ids.size()) {
      // Clients of a POST read the answer only of a 200.
      return JanusError{method == "POST" ? 200 : 404, kInvalidPath,
                        "Invalid path, expected session and handle numbers", ids[0]};
    }
    ids[count++] = *id;
  }
  if (method == "POST") {
    return JanusMessage{ids[0], ids[1]};
  }
  if (count == 1) {
    return JanusPoll{ids[0], max_events(query), decode(parameter(query, "apisecret")).value_or(""),
                     decode(parameter(query, "token")).value_or("")};
  }
  return JanusError{405, kUnsupportedMethod, "Unsupported HTTP method here, use POST"};
}

bool within(std::string_view path, std::string_view base) {
  return path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
}

}  // namespace

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

Route find_route(std::string_view method, std::string_view target, std::string_view base_path) {
  const std::string_view path = path_of(target);
  if (path.empty() || path[0] != '/') {
    return BadTarget{};
  }
  if (!base_path.empty() && within(path, base_path)) {
    return janus_route(method, path.substr(base_path.size()), query_of(target));
  }
  if (path == "/cardea.json") {
    return ClientSettings{};
  }
  return Other{};
}

std::optional<std::string> decoded_path(std::string_view path) {
  auto decoded = decode(path);
  if (!decoded || decoded->empty() || decoded->front() != '/') {
    return std::nullopt;
  }
  const bool odd = std::any_of(decoded->begin(), decoded->end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  return odd ? std::nullopt : decoded;
}

std::optional<std::string> file_path(std::string_view path) {
  const auto decoded = decoded_path(path);
  if (!decoded || decoded->find('\\') != std::string::npos ||
      decoded->find("//") != std::string::npos || decoded->find("/.") != std::string::npos) {
    return std::nullopt;
  }
  return decoded->substr(1);
}

}  // namespace cardea::http
