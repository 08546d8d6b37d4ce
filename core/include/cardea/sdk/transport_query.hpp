// What a transport answers to query_transport of the Admin API, with Janus's numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <cardea/sdk/json.hpp>

namespace cardea::sdk {

/// @param text the request, an object.
/// @param connections that are open now.
inline std::string answer_transport_query(std::string_view text, std::size_t connections) {
  const auto failure = [](int code, const std::string& why) {
    return Json::object({{"error_code", code}, {"error", why}}).dump();
  };
  const auto request = Json::parse(text);
  const Json name = request ? (*request)["request"] : Json();
  if (!name) {
    return failure(412, "Missing mandatory element (request)");
  }
  if (!name.is_string()) {
    return failure(413, "Invalid element type (request should be a string)");
  }
  if (name.as_text() == "connections") {
    return Json::object({{"result", 200}, {"connections", connections}}).dump();
  }
  if (name.as_text() != "configure") {
    return failure(411, "Unknown request");
  }
  if (const Json format = (*request)["json"]; format && format.as_text() != "compact") {
    return failure(413, "Invalid element value (json: texts are always compact)");
  }
  return Json::object({{"result", 200}}).dump();
}

}  // namespace cardea::sdk
