// EchoTest: sends a client's own media and messages back, under the limits that it asks for, as
// Janus's plugin of that name (documentation, "EchoTest plugin").
#include "plugins/echotest/echo.hpp"

CARDEA_FEATURE_MODULE(cardea::echotest::Echo);
