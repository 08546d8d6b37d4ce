// Looks at a shared object before the dynamic loader does.
#pragma once

#include <string>

#include <cardea/sdk/result.hpp>

namespace cardea::modules {

/// Refuses a file that is no ELF shared object of this machine, or whose segments or section table
/// lie beyond its end: glibc's dlopen dies by SIGBUS on a truncated file instead of returning an
/// error. [control]
Result<void> check_elf(const std::string& path);

}  // namespace cardea::modules
