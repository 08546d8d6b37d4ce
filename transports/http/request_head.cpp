#include "transports/http/request_head.hpp"

#include <algorithm>
#include <utility>

#include "transports/http/routes.hpp"

namespace cardea::http {

namespace {

constexpr std::size_t kMostHeaders = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
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
  if (!upgrades(head.substr(line_end))) {
    return Beginning::Http;
  }
  return ours ? Beginning::Upgrade : Beginning::OtherUpgrade;
}

std::string_view RequestHead::header(std::string_view name) const {
  for (const Header& one : headers) {
    if (one.name == name) {
      return one.value;
    }
  }
  return {};
}

RequestHead read_head(std::string_view bytes) {
  std::string_view head = bytes.substr(0, bytes.find("\r\n\r\n"));
  const std::size_t line_end = std::min(head.find("\r\n"), head.size());
  const std::string_view line = head.substr(0, line_end);
  const std::size_t begin = std::min(line.find(' '), line.size());
  const std::size_t end = std::min(line.find(' ', begin + 1), line.size());
  RequestHead out;
  out.target = line.substr(std::min(begin + 1, line.size()), end - begin - 1);
  head.remove_prefix(line_end);
  while (!head.empty() && out.headers.size() < kMostHeaders) {
    const std::string_view one = head.substr(0, head.find('\n'));
    head.remove_prefix(std::min(one.size() + 1, head.size()));
    const std::size_t colon = one.find(':');
    if (colon != std::string_view::npos) {
      std::string name(one.substr(0, colon));
      std::transform(name.begin(), name.end(), name.begin(), lower);
      out.headers.push_back({std::move(name), std::string(trimmed(one.substr(colon + 1)))});
    }
  }
  return out;
}

std::string_view host_name(std::string_view header_value) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
  const bool odd = header_value.find_first_not_of(kAllowed) != std::string_view::npos;
  return odd ? std::string_view() : header_value;
}

}  // namespace cardea::http
