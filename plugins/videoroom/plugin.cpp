// VideoRoom: rooms whose participants publish their media and subscribe to that of others, as
// Janus's plugin of that name. This build has neither data channels nor recording.
#include "plugins/videoroom/handle.hpp"

CARDEA_FEATURE_MODULE(cardea::videoroom::RoomHandle);
