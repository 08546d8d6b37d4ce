// The host side of <cardea/tokens.h>.
#pragma once

#include <cardea/tokens.h>

namespace cardea::modules {

const cardea_tokens_t& tokens_table();

}  // namespace cardea::modules
