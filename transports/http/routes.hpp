// What a request asks for, read from its method and target alone. Pure functions, tested alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cardea::http {

/// POST to the Janus API; zero where the path names none.
struct JanusMessage {
  std::uint64_t session = 0;
  std::uint64_t handle = 0;
};
/// GET of the server's description.
struct JanusInfo {};
/// GET of a session: a long poll.
struct JanusPoll {
  std::uint64_t session = 0;
  std::uint32_t max_events = 1;
  std::string apisecret;
  std::string token;
};
/// OPTIONS within the Janus API.
struct Preflight {};
/// A wrong path or method within the Janus API, answered with an error in its form.
struct JanusError {
  int status = 0;
  int code = 0;
  std::string_view reason;
  std::uint64_t session = 0;  ///< as far as the path was good
};
/// Where the page finds the WebSocket API.
struct ClientSettings {};
/// Anything else: a path that the host or a module answers, or a file of the web app.
struct Other {};
/// A target that no client of good will sends.
struct BadTarget {};

using Route = std::variant<JanusMessage, JanusInfo, JanusPoll, Preflight, JanusError,
                           ClientSettings, Other, BadTarget>;

/// @param target as in the request line, undecoded, query included.
/// @param base_path of the Janus API; empty on a port without it.
Route find_route(std::string_view method, std::string_view target, std::string_view base_path);

/// The part before "?".
std::string_view path_of(std::string_view target);
/// The part after "?", empty without one.
std::string_view query_of(std::string_view target);

/// Decodes %XX once. Nothing for bad escapes, control characters and what does not begin with a
/// slash.
std::optional<std::string> decoded_path(std::string_view path);

/// The same without its first slash. Nothing when the path is no good as a file's name under a
/// folder: backslashes, empty or dotted parts.
std::optional<std::string> file_path(std::string_view path);

}  // namespace cardea::http
