// Who is heard in a room that lets only a few speak at a time (audio_loudest).
#pragma once

namespace cardea::videoroom {

class Room;
struct PublishedStream;

/// Talk began on this stream: it goes before all others.
void note_talk(Room& room, PublishedStream& stream);

/// Gives way to those who talk, then to those who talked last; the others' audio stays here. Who
/// stops goes on being heard until somebody else wants the place.
void choose_heard(const Room& room);

}  // namespace cardea::videoroom
