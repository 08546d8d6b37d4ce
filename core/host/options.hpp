// The command line.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <cardea/sdk/result.hpp>

namespace cardea::host {

struct Options {
  enum class Action { Run, Check, Migrate, Command, Version, Help };

  Action action = Action::Run;
  std::string config;         ///< file or folder; empty: built-in defaults
  std::string data = "data";  ///< folder for everything that is written
  std::string migration;      ///< of Migrate: up, down, status or history
  /// Of Command: its name, which a module knows, and what belongs to it.
  std::vector<std::string> words;
  int steps = 1;  ///< of Migrate down: how many are taken back
};

/// @param arguments without the program's name.
Result<Options> parse_options(std::span<const char* const> arguments);

/// What --help prints.
const char* usage();

}  // namespace cardea::host
