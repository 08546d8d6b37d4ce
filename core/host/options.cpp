#include "core/host/options.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

namespace cardea::host {

namespace {

// "migrate" at `at` and what belongs to it; `at` becomes the last word of these.
Result<void> parse_migrate(std::span<const char* const> arguments, std::size_t& at,
                           Options& options) {
  options.action = Options::Action::Migrate;
  const std::string_view what = at + 1 < arguments.size() ? arguments[at + 1] : "";
  if (what != "up" && what != "down" && what != "status" && what != "history") {
    return Error{"migrate wants up, down, status or history"};
  }
  options.migration = what;
  ++at;
  if (what == "down" && at + 1 < arguments.size() && *arguments[at + 1] != '-') {
    const std::string_view count = arguments[++at];
    const auto [end, failed] =
        std::from_chars(count.data(), count.data() + count.size(), options.steps);
    if (failed != std::errc() || end != count.data() + count.size() || options.steps < 1) {
      return Error{"migrate down wants a number of steps"};
    }
  }
  return {};
}

}  // namespace

Result<Options> parse_options(std::span<const char* const> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    const bool of_command = options.action == Options::Action::Command;
    if (word == "--config" || word == "--data") {
      if (i + 1 == arguments.size()) {
        return Error{std::string(word) + " wants a path"};
      }
      (word == "--config" ? options.config : options.data) = arguments[++i];
    } else if (of_command) {
      options.words.emplace_back(word);
    } else if (word == "--check") {
      options.action = Options::Action::Check;
    } else if (word == "--version") {
      options.action = Options::Action::Version;
    } else if (word == "--help" || word == "-h") {
      options.action = Options::Action::Help;
    } else if (word == "migrate") {
      if (auto parsed = parse_migrate(arguments, i, options); !parsed) {
        return parsed.error();
      }
    } else if (options.action == Options::Action::Run && !word.empty() && word.front() != '-') {
      options.action = Options::Action::Command;
      options.words.emplace_back(word);
    } else {
      return Error{"unknown argument: " + std::string(word)};
    }
  }
  return options;
}

const char* usage() {
  return "cardea: a WebRTC server that speaks the Janus API\n"
         "\n"
         "  cardea [--config FILE-or-DIR] [--data DIR]   run in the foreground, log to stderr\n"
         "  cardea --check [--config FILE-or-DIR]        check the configuration, print every "
         "error, open nothing\n"
         "  cardea migrate up|status|history             the modules' tables: apply what is "
         "missing, show it, show what was done\n"
         "  cardea migrate down [N]                      take back the last N steps (1); what they "
         "held is lost\n"
         "  cardea admin|seed|token ...                  commands of modules: `cardea admin` lists "
         "them\n"
         "  cardea --version\n"
         "\n"
         "Every key of the configuration can be set as CARDEA_<SECTION>_<KEY> in the "
         "environment.\n";
}

}  // namespace cardea::host
