#include "plugins/auth/oauth/native.hpp"

#include <algorithm>
#include <string_view>

namespace cardea::auth::oauth {

namespace {

// "http://127.0.0.1:5000/x" without ":5000", if it begins so.
std::string without_loopback_port(const std::string& url) {
  for (const std::string_view start : {"http://127.0.0.1", "http://[::1]"}) {
    if (!url.starts_with(start) || url.size() <= start.size() || url[start.size()] != ':') {
      continue;
    }
    std::size_t end = start.size() + 1;
    while (end < url.size() && url[end] >= '0' && url[end] <= '9') {
      ++end;
    }
    const std::size_t digits = end - start.size() - 1;
    if (digits > 0 && digits <= 5 && end < url.size() && url[end] == '/') {
      return std::string(start) + url.substr(end);
    }
  }
  return url;
}

}  // namespace

bool is_listed(const std::string& target, const std::vector<std::string>& list) {
  const auto has = [&](const std::string& url) {
    return std::find(list.begin(), list.end(), url) != list.end();
  };
  return has(target) || has(without_loopback_port(target));
}

}  // namespace cardea::auth::oauth
