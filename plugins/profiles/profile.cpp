#include "plugins/profiles/profile.hpp"

#include <ctime>

#include "plugins/profiles/words.hpp"

namespace cardea::profiles {

namespace {

constexpr std::size_t kLongestName = 100;         // characters
constexpr std::size_t kLongestDescription = 500;  // characters
constexpr std::size_t kLongestSkill = 50;         // characters
constexpr std::size_t kMostSkills = 100;
constexpr std::size_t kLargestCompute = 4096;  // bytes of JSON

sdk::RestProblem invalid(const char* detail) { return {400, "invalid_parameter", detail, {}, {}}; }

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::optional<sdk::RestProblem> check_expertise(const Json& json) {
  if (json && json.size() > kMostSkills) {
    return invalid("expertise should have at most 100 skills");
  }
  const char* wrong = nullptr;
  json.for_each_member([&](std::string_view skill, const Json& level) {
    if (is_blank(skill) || character_count(skill) > kLongestSkill) {
      wrong = "a skill should have 1 to 50 characters";
    } else if (!level.is_integer() || level.as_int() < 1 || level.as_int() > 5) {
      wrong = "a skill's level should be 1 to 5";
    }
  });
  return wrong == nullptr ? std::nullopt : std::optional(invalid(wrong));
}

}  // namespace

std::map<std::string, int> read_expertise(const Json& json) {
  std::map<std::string, int> out;
  json.for_each_member([&](std::string_view skill, const Json& level) {
    out[std::string(skill)] = static_cast<int>(level.as_int());
  });
  return out;
}

Json show_expertise(const Profile& profile) {
  Json out = Json::object();
  for (const auto& [skill, level] : profile.expertise) {
    out.set(skill, level);
  }
  return out;
}

std::optional<sdk::RestProblem> read_profile(const sdk::RestCall& call, Profile& out) {
  out.user_id = call.principal().id;
  out.name = call["name"].text_or();
  out.description = call["description"].text_or();
  if (is_blank(out.name) || character_count(out.name) > kLongestName) {
    return invalid("name should have 1 to 100 characters");
  }
  if (character_count(out.description) > kLongestDescription) {
    return invalid("description should have at most 500 characters");
  }
  if (auto problem = check_expertise(call["expertise"])) {
    return problem;
  }
  out.expertise = read_expertise(call["expertise"]);
  if (call["compute"]) {
    out.compute = call["compute"].dump();
  }
  if (out.compute.size() > kLargestCompute) {
    return invalid("compute should have at most 4096 bytes");
  }
  out.p2p_uri_hint = call["p2p_uri_hint"].text_or();
  const Json privacy = call["privacy"];
  out.is_public = privacy["public"].as_bool(true);
  out.discoverable = privacy["discoverable"].as_bool(true);
  out.show_compute = privacy["show_compute"].as_bool(true);
  out.updated_at = std::time(nullptr);
  return std::nullopt;
}

Json show_profile(const Profile& profile, bool own) {
  Json out = Json::object({{"user_id", profile.user_id},
                           {"name", profile.name},
                           {"description", profile.description},
                           {"expertise", show_expertise(profile)},
                           {"p2p_uri_hint", profile.p2p_uri_hint},
                           {"updated_at", profile.updated_at}});
  if (!profile.node_id.empty()) {
    out.set("node_id", profile.node_id);
  }
  if (own || profile.show_compute) {
    const auto compute = Json::parse(profile.compute);
    out.set("compute", compute ? *compute : Json::object());
  }
  if (own) {
    out.set("privacy", Json::object({{"public", profile.is_public},
                                     {"discoverable", profile.discoverable},
                                     {"show_compute", profile.show_compute}}));
  }
  return out;
}

}  // namespace cardea::profiles
