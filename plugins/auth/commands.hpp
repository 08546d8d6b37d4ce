// What the module does on the command line: `cardea admin`, `cardea seed`, `cardea token`.
#pragma once

#include <cardea/command.h>

namespace cardea::auth {

const cardea_commands_t* commands();

}  // namespace cardea::auth
