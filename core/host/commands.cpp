#include "core/host/commands.hpp"

#include <cstdio>
#include <span>
#include <sstream>

#include <poll.h>

namespace cardea::host {

namespace {

struct Running {
  bool ended = false;
  int code = 0;
  std::string text;
};

void finish(void* call, int code, cardea_str_t text) {
  *static_cast<Running*>(call) = {true, code, std::string(text.data, text.size)};
}

// How many words the name has, when `words` begin with it; else 0.
std::size_t match(const char* name, const std::vector<std::string>& words) {
  std::istringstream parts(name);
  std::size_t count = 0;
  for (std::string part; parts >> part; ++count) {
    if (count >= words.size() || words[count] != part) {
      return 0;
    }
  }
  return count;
}

}  // namespace

Result<FoundCommand> find_command(const std::vector<std::unique_ptr<modules::Module>>& modules,
                                  const std::vector<std::string>& words) {
  std::string known;
  for (const auto& module : modules) {
    const auto* table = module->interface<cardea_commands_t>(CARDEA_COMMANDS);
    if (table == nullptr) {
      continue;
    }
    for (const cardea_command_t& command : std::span(table->commands, table->count)) {
      if (const std::size_t count = match(command.name, words); count > 0) {
        return FoundCommand{module.get(), &command, count};
      }
      known += std::string("\n  cardea ") + command.name + " " + command.arguments + "   " +
               command.help;
    }
  }
  return Error{"unknown argument: " + words.front() + "; commands of the modules:" + known};
}

int run_command(const FoundCommand& found, const std::vector<std::string>& words,
                Executor& executor) {
  std::vector<cardea_str_t> arguments;
  for (std::size_t i = found.words; i < words.size(); ++i) {
    arguments.push_back({words[i].data(), words[i].size()});
  }
  Running running;
  found.command->run(found.module->instance(), arguments.data(), arguments.size(), &running,
                     &finish);
  while (!running.ended) {
    pollfd ready{executor.fd(), POLLIN, 0};
    static_cast<void>(poll(&ready, 1, -1));
    executor.dispatch();
  }
  std::FILE* out = running.code == 0 ? stdout : stderr;
  std::fprintf(out, "%s%s\n", running.code == 0 ? "" : "cardea: ", running.text.c_str());
  return running.code;
}

}  // namespace cardea::host
