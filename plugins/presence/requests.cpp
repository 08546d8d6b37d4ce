// The REST operations: who is here, and long polls for what changes.
#include <algorithm>
#include <charconv>
#include <utility>

#include "plugins/presence/operations.hpp"

namespace cardea::presence {

namespace {

constexpr std::size_t kMostWaiting = 500;

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end != 0) {
      out.emplace_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Json row(const std::string& user, Status status, const std::string& name) {
  Json out = Json::object({{"user_id", user}, {"status", word_of(status)}});
  return name.empty() ? out : out.set("username", name);
}

}  // namespace

void Presence::show(sdk::RestCall call) {
  const std::string& viewer = call.principal().id;
  if (!call["user_ids"]) {
    call.reply(everybody_for(viewer));
    return;
  }
  const auto users = split(call["user_ids"].as_text());
  if (users.size() > static_cast<std::size_t>(kMostAsked)) {
    call.fail(400, "invalid_parameter", "user_ids should name at most 200 users");
    return;
  }
  Json out = Json::array();
  for (const std::string& user : users) {
    out.push(row(user, seen_by(viewer, user), {}));
  }
  call.reply(out);
}

Json Presence::everybody_for(const std::string& viewer) const {
  Json out = Json::array();
  for (const std::string& user : picture_.users()) {
    const Entry entry = picture_.of(user);
    const Status status = entry.account ? seen_by(viewer, user) : Status::Offline;
    if (status != Status::Offline && out.size() < static_cast<std::size_t>(kMostShown)) {
      out.push(row(user, status, entry.name));
    }
  }
  return out;
}

// Each user once, as he is seen now.
Json Presence::changes_for(const std::string& viewer, std::uint64_t since) const {
  Json out = Json::array();
  std::set<std::string_view> named;
  for (const Change& change : changes_) {
    const auto told = told_.find(change.user);
    const Entry entry = told == told_.end() ? Entry() : told->second.entry;
    if (change.number <= since || !named.insert(change.user).second ||
        !may_see(viewer, change.user, entry)) {
      continue;
    }
    out.push(row(change.user, seen_by(viewer, change.user), entry.name));
  }
  return out;
}

Json Presence::poll_answer(bool full, const Json& users) const {
  return Json::object(
      {{"cursor", here_ + ":" + std::to_string(last_change_)}, {"full", full}, {"users", users}});
}

void Presence::poll(sdk::RestCall call) {
  const std::string cursor = call["cursor"].text_or();
  const std::size_t colon = cursor.find(':');
  std::uint64_t since = 0;
  if (colon != std::string::npos) {
    std::from_chars(cursor.data() + colon + 1, cursor.data() + cursor.size(), since);
  }
  const std::string viewer = call.principal().id;
  // Of another node, before a restart, or too far back.
  const std::uint64_t first = changes_.empty() ? last_change_ + 1 : changes_.front().number;
  if (cursor.substr(0, colon) != here_ || since > last_change_ || since + 1 < first) {
    call.reply(poll_answer(true, everybody_for(viewer)));
    return;
  }
  const auto wait = std::chrono::seconds(call["wait"].as_int(25));
  if (const Json users = changes_for(viewer, since); users.size() != 0 || wait.count() == 0) {
    call.reply(poll_answer(false, users));
    return;
  }
  if (waiting_.size() >= kMostWaiting) {
    server_.limit_hit("presence_polls");
    call.fail({503, "too_many_polls", "Too many wait already", {}, {{"Retry-After", "10"}}});
    return;
  }
  waiting_.push_back({std::move(call), since, std::chrono::steady_clock::now() + wait});
}

void Presence::answer_polls(Time now) {
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    const Json users = changes_for(each->call.principal().id, each->since);
    if (users.size() == 0 && each->until > now) {
      ++each;
      continue;
    }
    each->call.reply(poll_answer(false, users));
    each = waiting_.erase(each);
  }
}

}  // namespace cardea::presence
