// VideoRoom: rooms whose participants publish their media and subscribe to that of others, as
// Janus's plugin of that name.
#include "plugins/videoroom/handle.hpp"

CARDEA_FEATURE_MODULE(cardea::videoroom::RoomHandle);
