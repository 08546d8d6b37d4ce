// One module's shared object: opened with care, its descriptor checked, none of its code run but
// static initialisers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <cardea/abi.h>
#include <cardea/sdk/result.hpp>

namespace cardea::modules {

/// A module file that is fit to be created. Stays mapped until the process ends, so that no pointer
/// into it can dangle and leak reports keep their names.
struct Library {
  std::string name;  ///< file name without folder and ending: "videoroom"
  std::string path;
  const cardea_module_info_t* info = nullptr;

  /// True for the module's id and for each of its aliases.
  [[nodiscard]] bool answers_to(std::string_view id) const;
};

/// Checks the file (ELF, size), opens it with RTLD_NOW | RTLD_LOCAL, checks symbol, ABI and
/// descriptor. [control]
/// @returns an error that says what is wrong with the file.
Result<Library> open_library(const std::string& path);

/// The `*.so` files of a folder in order of name; empty when there is no such folder.
std::vector<std::string> module_files(const std::string& folder);

/// Orders by `requires`: what is needed comes first, else the given order stays. The error names a
/// missing module or the members of a cycle.
Result<std::vector<Library>> order_by_requirements(std::vector<Library> libraries);

}  // namespace cardea::modules
