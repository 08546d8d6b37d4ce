#include "plugins/textroom/requests/common.hpp"

#include <cardea/sdk/ids.hpp>

namespace cardea::textroom::requests {

std::string words(const Json& id) {
  return id.is_integer() ? std::to_string(id.as_int()) : id.text_or();
}

Result<void> check_secret(const std::string& expected, const Json& given, const char* element) {
  if (expected.empty()) {
    return {};
  }
  if (!given) {
    return error(kMissingElement, std::string("Missing mandatory element (") + element + ")");
  }
  if (!given.is_string()) {
    return error(kInvalidElement,
                 std::string("Invalid element type (") + element + " should be a string)");
  }
  return sdk::same_secret(expected, given.as_text())
             ? Result<void>()
             : error(kUnauthorized, std::string("Unauthorized (wrong ") + element + ")");
}

Result<Room*> named_room(const TextHandle& handle, const Json& body) {
  Room* room = handle.rooms().find(body["room"]);
  if (room == nullptr) {
    return error(kNoSuchRoom, "No such room (" + words(body["room"]) + ")");
  }
  return room;
}

Result<Room*> managed_room(const TextHandle& handle, const Json& body) {
  auto room = named_room(handle, body);
  if (room) {
    if (auto opened = check_secret((*room)->options.secret, body["secret"], "secret"); !opened) {
      return opened.error();
    }
  }
  return room;
}

Result<void> check_texts(const Json& array, const char* name, std::int64_t max_bytes) {
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (!array.at(i).is_string()) {
      return error(kInvalidElement,
                   std::string("Invalid element in the ") + name + " array (not a string)");
    }
    if (array.at(i).as_text().size() > static_cast<std::size_t>(max_bytes)) {
      return error(kInvalidElement, std::string("Invalid element in the ") + name +
                                        " array (should have at most " + std::to_string(max_bytes) +
                                        " bytes)");
    }
  }
  return {};
}

}  // namespace cardea::textroom::requests
