#include "plugins/textroom/room.hpp"

#include <array>
#include <ctime>

#include "plugins/textroom/handle.hpp"

namespace cardea::textroom {

namespace {

// As Janus writes it: ISO 8601 in the server's time zone.
std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S%z", &parts);
  return {text.data(), size};
}

}  // namespace

const Member* Room::find(const std::string& username) const {
  const auto found = members_.find(username);
  return found == members_.end() ? nullptr : &found->second;
}

Json Room::listing(const std::string& except) const {
  Json out = Json::array();
  for (const auto& [username, member] : members_) {
    if (username == except && !except.empty()) {
      continue;
    }
    Json one = Json::object({{"username", username}});
    if (!member.display.empty()) {
      one.set("display", member.display);
    }
    out.push(one);
  }
  return out;
}

void Room::enter(const std::string& username, Member member, bool history) {
  if (history) {
    for (const std::string& text : history_) {
      member.handle->write(text);
    }
  }
  member.handle->joined(key, username);
  Json news = event("join").set("username", username);
  if (!member.display.empty()) {
    news.set("display", member.display);
  }
  members_[username] = std::move(member);
  tell(news);
}

void Room::leave(const std::string& username, bool gone) {
  const Json news = event("leave").set("username", username);
  if (gone) {
    remove(username);
    tell(news);
  } else {
    tell(news);
    remove(username);
  }
}

void Room::kick(const std::string& username) {
  tell(event("kicked").set("username", username));
  remove(username);
}

void Room::close() {
  tell(event("destroyed"));
  for (const auto& [username, member] : members_) {
    member.handle->left(key);
  }
  members_.clear();
}

void Room::say(const std::string& from, const std::string& text) {
  const Json news = spoken(from.empty() ? "announcement" : "message", from, text);
  tell(news);
  remember(news);
}

bool Room::whisper(const std::string& from, const std::string& to, const std::string& text) const {
  const Member* member = find(to);
  if (member != nullptr) {
    member->handle->write(spoken("message", from, text).set("whisper", true).dump());
  }
  return member != nullptr;
}

void Room::tell(const Json& event) const {
  const std::string text = event.dump();
  for (const auto& [username, member] : members_) {
    member.handle->write(text);
  }
}

void Room::remember(const Json& event) {
  if (options.history == 0) {
    history_.clear();
    remembered_bytes_ = 0;
    return;
  }
  // Who joins later may not find the speaker in the list any more.
  Json kept = event;
  if (const Member* speaker = find(event["from"].text_or());
      speaker != nullptr && !speaker->display.empty()) {
    kept.set("display", speaker->display);
  }
  remembered_bytes_ += history_.emplace_back(kept.dump()).size();
  while (history_.size() > options.history || remembered_bytes_ > history_bytes_) {
    remembered_bytes_ -= history_.front().size();
    history_.pop_front();
  }
}

void Room::remove(const std::string& username) {
  const auto found = members_.find(username);
  if (found != members_.end()) {
    found->second.handle->left(key);
    members_.erase(found);
  }
}

Json Room::event(const char* kind) const {
  return Json::object({{"textroom", kind}, {"room", id}});
}

Json Room::spoken(const char* kind, const std::string& from, const std::string& text) const {
  Json out = event(kind);
  if (!from.empty()) {
    out.set("from", from);
  }
  out.set("date", date_now()).set("text", text);
  return out;
}

}  // namespace cardea::textroom
