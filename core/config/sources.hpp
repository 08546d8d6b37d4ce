// Finds and reads configuration files and the environment. Private to core/config.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/config/config.hpp"

namespace cardea::config {

struct FoundSources {
  std::vector<Source> sources;
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
};

/// See Config::load() for `path`. Files of a folder that belong to no set earn a warning.
FoundSources find_sources(const std::string& path, std::span<const DeclarationSet> sets,
                          Unknown unknown);

/// A whole regular file, at most `most` bytes.
Result<std::string> read_text_file(const std::string& path, std::size_t most);

}  // namespace cardea::config
