#include "plugins/bus_redis/address.hpp"

#include <charconv>
#include <optional>

namespace cardea::bus_redis {

namespace {

constexpr std::string_view kScheme = "redis://";

std::optional<int> number(std::string_view text, int base, int max) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  const bool good = failed == std::errc() && end == text.data() + text.size();
  return good && value >= 0 && value <= max ? std::optional(value) : std::nullopt;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte = number(text.substr(i + 1, 2), 16, 255);
    if (!byte || i + 2 >= text.size()) {
      return std::nullopt;
    }
    out += static_cast<char>(*byte);
    i += 2;
  }
  return out;
}

bool parse_credentials(std::string_view text, Address& out) {
  const std::size_t colon = text.find(':');
  const auto user = decoded(text.substr(0, colon));
  const auto password =
      decoded(colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1));
  if (!user || !password) {
    return false;
  }
  out.user = *user;
  out.password = *password;
  return true;
}

bool parse_host(std::string_view text, Address& out) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) {
    return false;
  }
  const std::size_t colon = text.find(':', bracket);
  const std::string_view host = text.substr(0, colon);
  out.host = bracket == 0 ? host : host.substr(1, bracket - 1);
  if (colon != std::string_view::npos) {
    const auto port = number(text.substr(colon + 1), 10, 65'535);
    out.port = port.value_or(0);
  }
  return !out.host.empty() && out.port != 0;
}

}  // namespace

Result<Address> parse_address(std::string_view url) {
  const Error wrong{"wants redis://USER:PASSWORD@HOST:PORT/NUMBER"};
  if (!url.starts_with(kScheme)) {
    return wrong;
  }
  url.remove_prefix(kScheme.size());
  // "?protocol=3" and the like are for other clients.
  url = url.substr(0, url.find('?'));
  Address out;
  const std::size_t slash =
      url.find('/', url.rfind('@') == std::string_view::npos ? 0 : url.rfind('@'));
  if (slash != std::string_view::npos && slash + 1 < url.size()) {
    const auto database = number(url.substr(slash + 1), 10, 1'000'000);
    if (!database) {
      return wrong;
    }
    out.database = *database;
  }
  const std::string_view authority = url.substr(0, slash);
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos && !parse_credentials(authority.substr(0, at), out)) {
    return wrong;
  }
  if (!parse_host(authority.substr(at == std::string_view::npos ? 0 : at + 1), out)) {
    return wrong;
  }
  return out;
}

}  // namespace cardea::bus_redis
