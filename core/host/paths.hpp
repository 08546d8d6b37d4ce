// Where the program's own files lie: beside the binary, installed or in a build folder.
#pragma once

#include <string>

namespace cardea::host {

struct Paths {
  std::string modules;  ///< holds plugins/ and transports/
  std::string share;    ///< holds web/
};

/// `<prefix>/bin/cardea` finds `<prefix>/lib/cardea` and `<prefix>/share/cardea`; both need not
/// exist.
Paths find_paths();

}  // namespace cardea::host
