// `cardea admin invite`: codes from the command line, beside a running server or without one.
#pragma once

#include <cardea/command.h>

namespace cardea::invites {

const cardea_commands_t* commands();

}  // namespace cardea::invites
