#include "plugins/presence/gossip.hpp"

#include <utility>

namespace cardea::presence::gossip {

namespace {

constexpr std::size_t kUsersOfText = 200;  // of at most some 200 bytes each: below the bus's bound

Json write(const Entry& entry) {
  Json rooms = Json::array();
  for (const std::string& room : entry.rooms) {
    rooms.push(room);
  }
  return Json::object({{"name", entry.name},
                       {"team", entry.team},
                       {"account", entry.account},
                       {"connected", entry.connected},
                       {"status", word_of(entry.status)},
                       {"set_at", entry.set_at},
                       {"rooms", rooms}});
}

Entry read_entry(const Json& from) {
  Entry out;
  out.name = from["name"].text_or();
  out.team = from["team"].text_or();
  out.account = from["account"].as_bool();
  out.connected = from["connected"].as_bool();
  out.status = status_of(from["status"].as_text()).value_or(Status::Online);
  out.set_at = from["set_at"].as_int();
  for (std::size_t i = 0; i < from["rooms"].size(); ++i) {
    out.rooms.insert(from["rooms"].at(i).text_or());
  }
  return out;
}

std::vector<std::string> texts(const std::string& node, const Picture& picture,
                               const std::vector<std::string>& users, bool all) {
  std::vector<std::string> out;
  std::size_t next = 0;
  do {
    Json part = Json::object();
    for (; next < users.size() && part.size() < kUsersOfText; ++next) {
      const Entry* entry = picture.at(node, users[next]);
      part.set(users[next], write(entry == nullptr ? Entry() : *entry));
    }
    Json text = Json::object({{"node", node}, {"users", part}});
    if (all) {
      text.set("all", true).set("last", next == users.size());
    }
    out.push_back(text.dump());
  } while (next < users.size());
  return out;
}

}  // namespace

std::vector<std::string> changes(const std::string& node, const Picture& picture,
                                 const std::set<std::string>& users) {
  return texts(node, picture, {users.begin(), users.end()}, false);
}

std::vector<std::string> everybody(const std::string& node, const Picture& picture) {
  return texts(node, picture, picture.users_of(node), true);
}

std::string question(const std::string& node) {
  return Json::object({{"node", node}, {"asks", true}}).dump();
}

bool Reader::read(std::string_view text, const std::string& own, Time now, Picture& picture) {
  const auto told = Json::parse(text, {.depth = 8, .members = 10'000, .nodes = 100'000});
  const std::string node = told ? (*told)["node"].text_or() : std::string();
  if (node.empty() || node == own) {
    return false;
  }
  picture.heard(node, now);
  std::set<std::string>& named = named_[node];
  (*told)["users"].for_each_member([&](std::string_view user, const Json& entry) {
    picture.put(node, std::string(user), read_entry(entry));
    named.emplace(user);
  });
  const bool whole = (*told)["all"].as_bool();
  if (whole && (*told)["last"].as_bool()) {
    picture.keep_only(node, named);
  }
  if (!whole || (*told)["last"].as_bool()) {
    named_.erase(node);
  }
  return (*told)["asks"].as_bool();
}

}  // namespace cardea::presence::gossip
