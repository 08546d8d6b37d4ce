// X-Request-ID: one UUID in the answer and in the log.
#pragma once

#include <string>
#include <string_view>

namespace cardea::rest {

/// `given` when it is a UUID, else a new one (RFC 9562, version 4).
std::string request_id(std::string_view given);

}  // namespace cardea::rest
