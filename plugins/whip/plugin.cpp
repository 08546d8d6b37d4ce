// WHIP (RFC 9725) for videorooms, as a module.
#include "plugins/whip/service.hpp"

CARDEA_MODULE(cardea::whip::Service);
