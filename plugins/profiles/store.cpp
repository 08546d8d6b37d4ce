#include "plugins/profiles/store.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "plugins/profiles/words.hpp"

namespace cardea::profiles::store {

namespace {

#define CARDEA_PROFILE                                                                       \
  "SELECT p.user_id, u.node_id, p.name, p.description, p.expertise, p.compute, "             \
  "p.p2p_uri_hint, p.is_public, p.discoverable, p.show_compute, p.updated_at FROM profiles " \
  "p JOIN users u ON u.id = p.user_id "

Profile read(const sdk::SqlRow& row) {
  Profile out;
  out.user_id = row[0].as_text();
  out.node_id = row[1].as_text();
  out.name = row[2].as_text();
  out.description = row[3].as_text();
  if (const auto expertise = Json::parse(row[4].as_text())) {
    out.expertise = read_expertise(*expertise);
  }
  out.compute = row[5].as_text();
  out.p2p_uri_hint = row[6].as_text();
  out.is_public = row[7].as_int() != 0;
  out.discoverable = row[8].as_int() != 0;
  out.show_compute = row[9].as_int() != 0;
  out.updated_at = row[10].as_int();
  return out;
}

std::optional<Profile> first(const sdk::SqlResult& result) {
  return result.rows.empty() ? std::nullopt : std::optional(read(result.rows.front()));
}

std::map<std::string, int> words_with_levels(const Profile& profile) {
  std::map<std::string, int> out;
  for (const std::string& text : {profile.name, profile.description}) {
    for (const std::string& word : words_of(text)) {
      out[word] = 1;
    }
  }
  for (const auto& [skill, level] : profile.expertise) {
    std::vector<std::string> words = words_of(skill);
    words.push_back(joined_word(skill));
    for (const std::string& word : words) {
      out[word] = std::max(out[word], level);
    }
  }
  out.erase("");
  return out;
}

// One word; $1 is the least level.
#define CARDEA_HAS_WORD(from, to)                                               \
  " AND EXISTS (SELECT 1 FROM profile_words w WHERE w.user_id = p.user_id AND " \
  "w.word >= " from " AND w.word < " to " AND w.level >= $1)"
#define CARDEA_FOUND                                                                            \
  "WHERE p.is_public = 1 AND p.discoverable = 1 AND u.disabled = 0" CARDEA_HAS_WORD("$2", "$3") \
      CARDEA_HAS_WORD("$4", "$5") CARDEA_HAS_WORD("$6", "$7") CARDEA_HAS_WORD("$8", "$9")

}  // namespace

void put(sdk::Transaction& transaction, const Profile& profile) {
  const std::string expertise = show_expertise(profile).dump();
  transaction.execute("DELETE FROM profiles WHERE user_id = $1", profile.user_id);
  transaction.execute(
      "INSERT INTO profiles (user_id, name, description, expertise, compute, p2p_uri_hint,"
      " is_public, discoverable, show_compute, updated_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      profile.user_id, profile.name, profile.description, expertise, profile.compute,
      profile.p2p_uri_hint, profile.is_public ? 1 : 0, profile.discoverable ? 1 : 0,
      profile.show_compute ? 1 : 0, profile.updated_at);
  for (const auto& [word, level] : words_with_levels(profile)) {
    transaction.execute("INSERT INTO profile_words (word, user_id, level) VALUES ($1, $2, $3)",
                        word, profile.user_id, level);
  }
}

std::optional<Profile> of_user(sdk::Transaction& transaction, std::string_view user) {
  return first(transaction.execute(CARDEA_PROFILE "WHERE p.user_id = $1", user));
}

std::optional<Profile> public_one(sdk::Transaction& transaction, std::string_view id) {
  return first(transaction.execute(
      CARDEA_PROFILE "WHERE (u.node_id = $1 OR u.id = $2) AND p.is_public = 1 AND u.disabled = 0",
      id, id));
}

Found search(sdk::Transaction& transaction, const Search& search) {
  // Words have no character beyond 'z', so that what begins with one lies before it and '~'.
  std::array<std::string, kMostWords> ends;
  std::vector<cardea_sql_value_t> values{sdk::sql_parameter(search.min_level)};
  for (std::size_t i = 0; i < kMostWords; ++i) {
    // Fewer words: the last one again.
    const std::string& word = search.words[std::min(i, search.words.size() - 1)];
    ends[i] = word + "~";
    values.push_back(sdk::sql_parameter(word));
    values.push_back(sdk::sql_parameter(ends[i]));
  }
  Found out;
  out.total = transaction
                  .execute_values(
                      "SELECT count(*) FROM profiles p JOIN users u "
                      "ON u.id = p.user_id " CARDEA_FOUND,
                      values)
                  .value()
                  .as_int();
  values.push_back(sdk::sql_parameter(search.limit));
  values.push_back(sdk::sql_parameter(search.offset));
  const auto rows = transaction.execute_values(
      CARDEA_PROFILE CARDEA_FOUND " ORDER BY p.updated_at DESC, p.user_id LIMIT $10 OFFSET $11",
      values);
  for (const sdk::SqlRow& row : rows.rows) {
    out.profiles.push_back(read(row));
  }
  return out;
}

}  // namespace cardea::profiles::store
