// Words on the command line that modules answer to (<cardea/command.h>).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <cardea/command.h>
#include <cardea/sdk/result.hpp>

#include "core/base/executor.hpp"
#include "core/modules/module.hpp"

namespace cardea::host {

struct FoundCommand {
  const modules::Module* module = nullptr;
  const cardea_command_t* command = nullptr;
  std::size_t words = 0;  ///< of its name
};

/// The one whose name begins the words; an error names those that there are.
Result<FoundCommand> find_command(const std::vector<std::unique_ptr<modules::Module>>& modules,
                                  const std::vector<std::string>& words);

/// [control] Runs it to its end and prints what it says. @returns the exit code.
int run_command(const FoundCommand& found, const std::vector<std::string>& words,
                Executor& executor);

}  // namespace cardea::host
