// TextRoom: rooms whose members write to each other over data channels, as Janus's plugin of that
// name (documentation, "TextRoom plugin"). `post` is not supported: this server calls nobody.
#include "plugins/textroom/handle.hpp"

CARDEA_FEATURE_MODULE(cardea::textroom::TextHandle);
