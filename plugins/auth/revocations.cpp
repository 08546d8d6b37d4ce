#include "plugins/auth/revocations.hpp"

#include <algorithm>

namespace cardea::auth {

Json Revocation::to_json() const {
  return Json::object({{"kind", kind == Kind::User ? "user" : "session"},
                       {"id", subject},
                       {"generation", generation},
                       {"expires", expires}});
}

bool Revocation::from_json(const Json& json, Revocation& out) {
  const std::string kind = json["kind"].text_or();
  out = {kind == "user" ? Kind::User : Kind::Session, json["id"].text_or(),
         json["generation"].as_int(), json["expires"].as_int()};
  return (kind == "user" || kind == "session") && !out.subject.empty() && out.expires > 0;
}

bool Revocations::add(const Revocation& revocation) {
  if (revocation.kind == Revocation::Kind::Session) {
    const auto [place, fresh] = sessions_.try_emplace(revocation.subject, revocation.expires);
    place->second = std::max(place->second, revocation.expires);
    return fresh;
  }
  User& user = users_[revocation.subject];
  const bool fresh = revocation.generation > user.generation;
  user.generation = std::max(user.generation, revocation.generation);
  user.expires = std::max(user.expires, revocation.expires);
  return fresh;
}

bool Revocations::covers(const Access& access) const {
  if (covers_session(access.session)) {
    return true;
  }
  const auto user = users_.find(access.user);
  return user != users_.end() && access.generation < user->second.generation;
}

void Revocations::purge(std::int64_t now) {
  std::erase_if(sessions_, [now](const auto& one) { return one.second < now; });
  std::erase_if(users_, [now](const auto& one) { return one.second.expires < now; });
}

}  // namespace cardea::auth
