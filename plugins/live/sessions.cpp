#include "plugins/live/sessions.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <openssl/rand.h>

namespace cardea::live {

namespace {

constexpr int kNormal = 1000;

template <typename Index>
void drop_from(Index& index, std::string_view key, cardea_live_session_t number) {
  const auto found = index.find(key);
  if (found == index.end()) {
    return;
  }
  std::erase(found->second, number);
  if (found->second.empty()) {
    index.erase(found);
  }
}

}  // namespace

std::string random_id() {
  std::array<unsigned char, 16> raw{};
  if (RAND_bytes(raw.data(), static_cast<int>(raw.size())) != 1) {
    throw std::runtime_error("no random bytes");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : raw) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

Session& Sessions::begin(const sdk::Principal& who, std::string token, Line line, Time now) {
  auto made = std::make_unique<Session>();
  Session& session = *made;
  session.number = ++last_;
  session.id = random_id();
  session.who = who;
  session.token = std::move(token);
  session.heard = session.pinged = now;
  by_id_[session.id] = session.number;
  by_user_[who.id].push_back(session.number);
  sessions_[session.number] = std::move(made);
  attach(session, line, now);
  return session;
}

Session* Sessions::find(cardea_live_session_t number) {
  const auto found = sessions_.find(number);
  return found == sessions_.end() ? nullptr : found->second.get();
}

Session* Sessions::find_id(std::string_view id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : find(found->second);
}

Session* Sessions::of_socket(cardea_socket_t socket) {
  const auto found = by_socket_.find(socket);
  return found == by_socket_.end() ? nullptr : find(found->second);
}

Session* Sessions::of_stream(cardea_rest_call_t stream) {
  const auto found = by_stream_.find(stream);
  return found == by_stream_.end() ? nullptr : find(found->second);
}

void Sessions::end(cardea_live_session_t number) {
  Session* session = find(number);
  if (session == nullptr) {
    return;
  }
  by_socket_.erase(session->line.socket);
  by_stream_.erase(session->line.stream);
  by_id_.erase(session->id);
  drop_from(by_user_, session->who.id, number);
  for (const std::string& topic : session->topics) {
    drop_from(by_topic_, topic, number);
  }
  sessions_.erase(number);
}

void Sessions::attach(Session& session, Line line, Time now) {
  if (session.line.connected()) {
    const Line old = session.line;
    detach(session, now);
    wire_.cut(old, kNormal, "resumed elsewhere");
  }
  session.line = line;
  session.away_since.reset();
  session.heard = session.pinged = now;
  if (line.socket != 0) {
    by_socket_[line.socket] = session.number;
  }
  if (line.stream != 0) {
    by_stream_[line.stream] = session.number;
  }
}

void Sessions::detach(Session& session, Time now) {
  by_socket_.erase(session.line.socket);
  by_stream_.erase(session.line.stream);
  session.line = {};
  session.away_since = now;
}

void Sessions::tell(Session& session, std::string_view type, std::string_view payload) {
  const std::uint64_t seq = session.backlog.last() + 1;
  std::string text = event_text(type, payload, seq);
  session.backlog.add(text);
  if (session.line.connected()) {
    wire_.send(session, text, seq);
  }
}

void Sessions::tell_user(std::string_view user, std::string_view type, std::string_view payload) {
  for (const auto number : numbers_of(user)) {
    if (Session* session = find(number)) {
      tell(*session, type, payload);
    }
  }
}

void Sessions::tell_topic(std::string_view topic, std::string_view type, std::string_view payload) {
  const auto found = by_topic_.find(topic);
  for (const auto number : found == by_topic_.end() ? Numbers() : found->second) {
    if (Session* session = find(number)) {
      tell(*session, type, payload);
    }
  }
}

void Sessions::tell_all(std::string_view type, std::string_view payload) {
  for (const auto number : numbers()) {
    if (Session* session = find(number)) {
      tell(*session, type, payload);
    }
  }
}

bool Sessions::join(Session& session, std::string_view topic) {
  if (session.topics.size() >= kMostTopics) {
    return false;
  }
  if (session.topics.emplace(topic).second) {
    by_topic_[std::string(topic)].push_back(session.number);
  }
  return true;
}

void Sessions::leave(Session& session, std::string_view topic) {
  if (const auto found = session.topics.find(topic); found != session.topics.end()) {
    session.topics.erase(found);
    drop_from(by_topic_, topic, session.number);
  }
}

Sessions::Lines Sessions::lines_of(std::string_view user) const {
  Lines lines;
  for (const auto number : numbers_of(user)) {
    const Session& session = *sessions_.at(number);
    lines.sockets += session.line.socket != 0 ? 1 : 0;
    lines.streams += session.line.stream != 0 ? 1 : 0;
  }
  return lines;
}

std::vector<cardea_live_session_t> Sessions::numbers() const {
  Numbers out;
  out.reserve(sessions_.size());
  for (const auto& [number, session] : sessions_) {
    out.push_back(number);
  }
  return out;
}

std::vector<cardea_live_session_t> Sessions::numbers_of(std::string_view user) const {
  const auto found = by_user_.find(user);
  return found == by_user_.end() ? Numbers() : found->second;
}

}  // namespace cardea::live
