#include "transports/http/request_head.hpp"

#include <algorithm>

#include "transports/http/routes.hpp"

namespace cardea::http {

namespace {

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return lower(x) == lower(y);
  });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  return begin == std::string_view::npos
             ? std::string_view()
             : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool upgrades(std::string_view headers) {
  while (!headers.empty()) {
    const std::string_view line = headers.substr(0, headers.find('\n'));
    headers.remove_prefix(std::min(line.size() + 1, headers.size()));
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && same(line.substr(0, colon), "upgrade") &&
        same(trimmed(line.substr(colon + 1)), "websocket")) {
      return true;
    }
  }
  return false;
}

}  // namespace

Beginning look_at(std::string_view bytes, std::string_view base_path) {
  constexpr std::string_view kGet = "GET ";
  if (!kGet.starts_with(bytes.substr(0, kGet.size()))) {
    return Beginning::Http;
  }
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return bytes.size() >= kMostPeeked ? Beginning::Http : Beginning::Incomplete;
  }
  const std::string_view head = bytes.substr(0, end);
  const std::size_t line_end = std::min(head.find("\r\n"), head.size());
  const std::string_view target = head.substr(kGet.size(), line_end - kGet.size());
  const std::string_view path = path_of(target.substr(0, target.find(' ')));
  const bool ours = path == "/" || path == base_path ||
                    (path.starts_with(base_path) && path.substr(base_path.size()) == "/");
  return ours && upgrades(head.substr(line_end)) ? Beginning::Upgrade : Beginning::Http;
}

}  // namespace cardea::http
