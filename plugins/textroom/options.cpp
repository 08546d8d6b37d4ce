#include "plugins/textroom/options.hpp"

namespace cardea::textroom {

RoomOptions read_options(const Json& from, const std::string& name) {
  RoomOptions out;
  out.description = from["description"].text_or();
  if (out.description.empty()) {
    out.description = "Room " + name;
  }
  out.secret = from["secret"].text_or();
  out.pin = from["pin"].text_or();
  out.is_private = from["is_private"].as_bool();
  out.history = static_cast<std::uint32_t>(from["history"].as_uint());
  const Json allowed = from["allowed"];
  out.check_allowed = allowed.is_array();
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    out.allowed.insert(allowed.at(i).text_or());
  }
  return out;
}

Json write_options(const RoomOptions& options) {
  Json out = Json::object({{"description", options.description},
                           {"secret", options.secret},
                           {"pin", options.pin},
                           {"is_private", options.is_private},
                           {"history", options.history}});
  if (options.check_allowed) {
    Json allowed = Json::array();
    for (const std::string& token : options.allowed) {
      allowed.push(token);
    }
    out.set("allowed", allowed);
  }
  return out;
}

}  // namespace cardea::textroom
