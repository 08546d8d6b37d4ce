// Checks that several requests share.
#pragma once

#include "plugins/textroom/handle.hpp"

namespace cardea::textroom::requests {

/// The id of a request's room as people read it.
std::string words(const Json& id);

/// Whether `given` opens what `expected` locks; an empty `expected` locks nothing.
/// @param element its name, for the error.
Result<void> check_secret(const std::string& expected, const Json& given, const char* element);

/// The room that the request names.
Result<Room*> named_room(const TextHandle& handle, const Json& body);
/// The same, when its secret is right.
Result<Room*> managed_room(const TextHandle& handle, const Json& body);

/// An array of texts within the declared length of a token or name.
Result<void> check_texts(const Json& array, const char* name, std::int64_t max_bytes);

inline Json success() { return Json::object({{"textroom", "success"}}); }

}  // namespace cardea::textroom::requests
