#include "core/host/paths.hpp"

#include <filesystem>
#include <system_error>

namespace cardea::host {

Paths find_paths() {
  std::error_code failed;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", failed);
  const auto prefix = binary.parent_path().parent_path();
  return {(prefix / "lib" / "cardea").string(), (prefix / "share" / "cardea").string()};
}

}  // namespace cardea::host
