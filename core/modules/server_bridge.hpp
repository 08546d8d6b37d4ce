// The host side of <cardea/server.h> and <cardea/executor.h>.
#pragma once

#include <cardea/executor.h>
#include <cardea/server.h>

namespace cardea::modules {

const cardea_server_t& server_table();
const cardea_executor_t& executor_table();

}  // namespace cardea::modules
