// What else the host may offer VideoRoom: a data folder, signed tokens, event handlers, the
// executor.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include <cardea/events.h>
#include <cardea/executor.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/module.hpp>
#include <cardea/server.h>
#include <cardea/tokens.h>

namespace cardea::tests {

/// A folder of its own for one test, gone afterwards. The interfaces find it by `current`.
class DataFolder {
 public:
  DataFolder() {
    char name[] = "/tmp/cardea-videoroom-XXXXXX";
    path_ = ::mkdtemp(name);
    current = path_;
  }
  ~DataFolder() { std::filesystem::remove_all(path_); }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  static inline std::string current;

 private:
  std::string path_;
};

inline std::vector<std::string> limits_hit;
inline const cardea_server_t kServer = [] {
  cardea_server_t out{};
  out.size = sizeof(out);
  out.data_folder = [](void*, char* text, std::size_t capacity) -> std::size_t {
    if (text != nullptr) {
      DataFolder::current.copy(text, capacity);
    }
    return DataFolder::current.size();
  };
  out.limit_hit = [](void*, const char* limit) { limits_hit.emplace_back(limit); };
  return out;
}();

/// A token is good for the words that it lists behind its realm.
inline const cardea_tokens_t kTokens = {
    sizeof(cardea_tokens_t), [](void*) { return 1; },
    [](void*, cardea_str_t token, cardea_str_t realm, cardea_str_t word) {
      const std::string text = "," + std::string(sdk::to_view(token)) + ",";
      const auto has = [&](cardea_str_t wanted) {
        return text.find("," + std::string(sdk::to_view(wanted)) + ",") != std::string::npos;
      };
      return has(realm) && (word.size == 0 || has(word)) ? 1 : 0;
    }};

inline std::vector<Json> events_heard;
inline const cardea_events_t kEvents = [] {
  cardea_events_t out{};
  out.size = sizeof out;
  out.wanted = [](void*) { return 1; };
  out.emit = [](void*, cardea_handle_t, cardea_str_t data) {
    events_heard.push_back(*Json::parse(sdk::to_view(data)));
  };
  return out;
}();

/// Runs everything at once.
inline const cardea_executor_t kExecutor = {
    sizeof(cardea_executor_t),
    [](void*, void (*work)(void*), void (*done)(void*), void* argument) {
      work(argument);
      done(argument);
      return 0;
    },
    [](void*, void (*call)(void*), void* argument) {
      call(argument);
      return 0;
    }};

}  // namespace cardea::tests
