#include "core/host/admin_services.hpp"

#include <array>
#include <optional>
#include <sstream>
#include <utility>

#include "core/host/lookup.hpp"

namespace cardea::host {

namespace {

// Janus has eight levels, we have five words.
constexpr std::array kWords{"off", "error", "error", "warn", "info", "debug", "debug", "debug"};
constexpr std::size_t kMaxAreas = 64;

int number_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, int>, 5> kNumbers{
      {{"off", 0}, {"error", 2}, {"warn", 3}, {"info", 4}, {"debug", 7}}};
  for (const auto& [name, number] : kNumbers) {
    if (word == name) {
      return number;
    }
  }
  return 4;
}

const char* word_of(int level) { return kWords.at(static_cast<std::size_t>(level)); }

log::Level log_level_of(int level) {
  if (level <= 2) {
    return log::Level::Error;
  }
  return level == 3 ? log::Level::Warn : level == 4 ? log::Level::Info : log::Level::Debug;
}

}  // namespace

AdminServices::AdminServices(log::System& logs, const std::string& levels, Executor& executor,
                             modules::TransportHub& transports)
    : logs_(logs), custom_(logs.get("custom")), executor_(executor), transports_(transports) {
  std::istringstream words(levels);
  std::string word;
  while (std::getline(words, word, ',')) {
    std::erase(word, ' ');
    const auto sign = word.find('=');
    if (sign == std::string::npos) {
      level_ = number_of(word);
    } else {
      areas_[word.substr(0, sign)] = number_of(word.substr(sign + 1));
    }
  }
}

Result<void> AdminServices::set_log_level(int level, const std::string& area) {
  auto areas = areas_;
  if (!area.empty()) {
    areas[area] = level;
  }
  if (areas.size() > kMaxAreas || area.find_first_of(",= ") != std::string::npos) {
    return Error{"Invalid element (area should be the name of a part of the log)"};
  }
  const int general = area.empty() ? level : level_;
  std::string levels = word_of(general);
  for (const auto& [name, number] : areas) {
    levels += "," + name + "=" + word_of(number);
  }
  if (auto set = logs_.set_levels(levels); !set) {
    return set;
  }
  level_ = general;
  areas_ = std::move(areas);
  return {};
}

Json AdminServices::log_areas() const {
  Json out = Json::object();
  for (const auto& [name, number] : areas_) {
    out.set(name, number);
  }
  return out;
}

void AdminServices::log_line(int level, std::string_view line) {
  custom_.write(log_level_of(level), line);
}

Result<Json> AdminServices::query_transport(const std::string& name, const Json& request) {
  return transports_.query(name, request);
}

void AdminServices::resolve(const std::string& host, Answer done) {
  run([host] { return resolve_name(host); }, done);
}

void AdminServices::ask_stun(const session::StunQuestion& question, Answer done) {
  run([question] { return ask_stun_server(question); }, done);
}

void AdminServices::run(std::function<Result<session::LookedUp>()> work, const Answer& done) {
  const auto found = std::make_shared<std::optional<Result<session::LookedUp>>>();
  const bool taken = executor_.run([found, work = std::move(work)] { found->emplace(work()); },
                                   [found, done] { done(std::move(**found)); });
  if (!taken) {
    done(Error{"Too much work is waiting already"});
  }
}

}  // namespace cardea::host
