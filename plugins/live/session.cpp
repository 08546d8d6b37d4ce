#include "plugins/live/session.hpp"

#include <cardea/sdk/json.hpp>

namespace cardea::live {

std::uint64_t Backlog::add(std::string text) {
  bytes_ += text.size();
  events_.push_back(std::move(text));
  while (events_.size() > kMostEvents || (bytes_ > kMostBytes && events_.size() > 1)) {
    bytes_ -= events_.front().size();
    events_.pop_front();
  }
  return ++last_;
}

std::optional<std::deque<std::string>> Backlog::after(std::uint64_t seq) const {
  const std::uint64_t first = last_ - events_.size() + 1;
  if (seq > last_ || seq + 1 < first) {
    return std::nullopt;
  }
  return std::deque<std::string>(events_.begin() + static_cast<std::ptrdiff_t>(seq + 1 - first),
                                 events_.end());
}

cardea_principal_t view_of(const sdk::Principal& who) {
  return {sizeof(cardea_principal_t),
          who.rank,
          sdk::to_str(who.id),
          sdk::to_str(who.name),
          sdk::to_str(who.session),
          sdk::to_str(who.token),
          who.expires,
          sdk::to_str(who.grants)};
}

std::string event_text(std::string_view type, std::string_view payload, std::uint64_t seq) {
  std::string out = R"({"type":)" + Json(type).dump();
  out.append(R"(,"payload":)").append(payload);
  out.append(R"(,"seq":)").append(std::to_string(seq)).append("}");
  return out;
}

std::string plain_type(std::string_view type) {
  std::string out;
  for (const char c : type) {
    if (c != '_') {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
  }
  return out;
}

}  // namespace cardea::live
