// What happens in the server, in the words of Janus's event handlers.
#pragma once

#include <cstdint>
#include <string_view>

#include <cardea/events.h>

namespace cardea::event {

/// Janus's numbers; each is a bit of a mask.
enum class Kind : std::uint32_t {
  Session = CARDEA_EVENT_SESSION,
  Handle = CARDEA_EVENT_HANDLE,
  External = CARDEA_EVENT_EXTERNAL,
  Jsep = CARDEA_EVENT_JSEP,
  WebRtc = CARDEA_EVENT_WEBRTC,
  Media = CARDEA_EVENT_MEDIA,
  Plugin = CARDEA_EVENT_PLUGIN,
  Transport = CARDEA_EVENT_TRANSPORT,
  Core = CARDEA_EVENT_CORE,
};

/// A kind and the number that Janus gives the event within it.
struct Type {
  Kind kind{};
  int subtype = 0;  ///< 0: the kind has none
};

inline constexpr Type kSession{Kind::Session};
inline constexpr Type kHandle{Kind::Handle};
inline constexpr Type kExternal{Kind::External};
inline constexpr Type kJsep{Kind::Jsep};
inline constexpr Type kIceState{Kind::WebRtc, 1};
inline constexpr Type kLocalCandidate{Kind::WebRtc, 2};
inline constexpr Type kRemoteCandidate{Kind::WebRtc, 3};
inline constexpr Type kSelectedPair{Kind::WebRtc, 4};
inline constexpr Type kDtlsState{Kind::WebRtc, 5};
inline constexpr Type kConnectionState{Kind::WebRtc, 6};
inline constexpr Type kMediaState{Kind::Media, 1};
inline constexpr Type kSlowLink{Kind::Media, 2};
inline constexpr Type kMediaStats{Kind::Media, 3};
inline constexpr Type kPlugin{Kind::Plugin};
inline constexpr Type kTransport{Kind::Transport};
inline constexpr Type kStarted{Kind::Core, 1};
inline constexpr Type kShutdown{Kind::Core, 2};

/// Whom an event is about; zeros and an empty text are left out of it.
struct Subject {
  std::uint64_t session = 0;
  std::uint64_t handle = 0;
  std::string_view opaque_id = {};  ///< borrowed for the call
};

}  // namespace cardea::event
