// The host side of <cardea/media.h>.
#pragma once

#include <cardea/media.h>

namespace cardea::modules {

const cardea_media_t& media_table();

}  // namespace cardea::modules
