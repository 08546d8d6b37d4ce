#include "plugins/whip/endpoints.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace cardea::whip {

namespace {

constexpr std::string_view kPrefix = "endpoint-";

/// A number where the text is one: rooms are named by numbers unless videoroom has string_ids.
Json room_id(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size() ? Json(number) : Json(text);
}

}  // namespace

Endpoints::Endpoints(const Json& config)
    : any_room_(config["whip"]["any_room"].as_bool()), token_(config["whip"]["token"].text_or()) {
  config.for_each_member([&](std::string_view section, const Json& keys) {
    if (!section.starts_with(kPrefix)) {
      return;
    }
    if (keys["room"].as_text().empty()) {
      throw std::runtime_error("section [" + std::string(section) + "]: `room` is missing");
    }
    named_[std::string(section.substr(kPrefix.size()))] = {
        room_id(keys["room"].as_text()), keys["pin"].text_or(), keys["secret"].text_or(),
        keys["label"].text_or(), keys["token"].text_or(token_)};
  });
}

std::optional<Endpoint> Endpoints::find(std::string_view id, bool open) const {
  if (const auto found = named_.find(id); found != named_.end()) {
    return found->second;
  }
  const bool usable = any_room_ && (open || !token_.empty());
  if (!usable || id.empty() || id.size() > kMaxText || id.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  return Endpoint{room_id(id), {}, {}, {}, token_};
}

bool all_loopback(std::string_view urls) {
  while (!urls.empty()) {
    const std::size_t end = std::min(urls.find(' '), urls.size());
    std::string_view host = urls.substr(0, end);
    urls.remove_prefix(std::min(end + 1, urls.size()));
    host.remove_prefix(std::min(host.find("://") + 3, host.size()));
    if (!host.starts_with("127.") && !host.starts_with("[::1]") && !host.starts_with("localhost")) {
      return false;
    }
  }
  return true;
}

}  // namespace cardea::whip
