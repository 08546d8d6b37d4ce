// Which streams of a publisher are recorded.
#pragma once

#include <cardea/sdk/recording.hpp>

namespace cardea::videoroom {

using sdk::MjrStream;
using sdk::MjrWriter;
using sdk::Recording;
using sdk::RecordingBudget;

struct Publisher;

/// Starts or ends the recordings of a publisher so that they fit `record` and its streams.
void follow_recording(Publisher& publisher);
void stop_recording(Publisher& publisher);

}  // namespace cardea::videoroom
