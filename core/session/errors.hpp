// The numbers of Janus's own errors (documentation page "apierror.h"); a feature's errors are its
// own.
#pragma once

namespace cardea::session {

constexpr int kErrorUnauthorized = 403;
constexpr int kErrorUnauthorizedPlugin = 405;
constexpr int kErrorUnknownRequest = 453;  ///< verb unknown in a session or handle
constexpr int kErrorInvalidJson = 454;
constexpr int kErrorInvalidJsonObject = 455;
constexpr int kErrorMissingElement = 456;
constexpr int kErrorInvalidRequestPath = 457;  ///< verb not for this place
constexpr int kErrorSessionNotFound = 458;
constexpr int kErrorHandleNotFound = 459;
constexpr int kErrorPluginNotFound = 460;
constexpr int kErrorPluginAttach = 461;
constexpr int kErrorPluginMessage = 462;
constexpr int kErrorJsepUnknownType = 464;
constexpr int kErrorJsepInvalidSdp = 465;
constexpr int kErrorInvalidElementType = 467;
constexpr int kErrorSessionConflict = 468;
constexpr int kErrorUnexpectedAnswer = 469;
constexpr int kErrorTokenNotFound = 470;
constexpr int kErrorNotAcceptingSessions = 472;
constexpr int kErrorUnknown = 490;  ///< also: a limit was hit

}  // namespace cardea::session
