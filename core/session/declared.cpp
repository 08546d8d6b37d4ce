#include "core/session/declared.hpp"

#include <cardea/sdk/operation.hpp>

namespace cardea::session {
namespace {

const char* type_name(cardea_param_type_t type) {
  switch (type) {
    case CARDEA_PARAM_BOOL:
      return "boolean";
    case CARDEA_PARAM_INT:
      return "integer";
    case CARDEA_PARAM_STRING:
      return "string";
    case CARDEA_PARAM_ID:
      return "id";
    case CARDEA_PARAM_ID_OR_STRING:
      return "id_or_string";
    case CARDEA_PARAM_OBJECT:
      return "object";
    case CARDEA_PARAM_ARRAY:
      return "array";
    case CARDEA_PARAM_ANY:
      break;
  }
  return "any";
}

const char* access_name(cardea_access_t access) {
  switch (access) {
    case CARDEA_ACCESS_ENTER:
      return "enter";
    case CARDEA_ACCESS_MANAGE:
      return "manage";
    case CARDEA_ACCESS_ANYONE:
      break;
  }
  return "anyone";
}

void add_text(Json& out, const char* key, const char* text) {
  if (text != nullptr && *text != '\0') {
    out.set(key, text);
  }
}

void add_bounds(const cardea_param_t& param, Json& out) {
  const bool id = param.type == CARDEA_PARAM_ID || param.type == CARDEA_PARAM_ID_OR_STRING;
  if (id) {
    out.set("minimum", param.max == 0 ? 1 : param.min).set("maximum", sdk::param::kLargestId);
    return;  // of one that may be a text, the declared maximum is that of the text
  }
  if (param.type == CARDEA_PARAM_INT) {
    out.set("minimum", param.min);
  }
  if (param.max != 0 || param.min != 0) {
    out.set("maximum", param.max);
  }
}

Json parameter_json(const cardea_param_t& param) {
  Json out = Json::object(
      {{"name", param.name}, {"type", type_name(param.type)}, {"required", param.required != 0}});
  add_bounds(param, out);
  add_text(out, "help", param.help);
  if (param.field_count > 0) {
    out.set("fields", parameters_json({param.fields, param.field_count}));
  }
  return out;
}

Json operation_json(const cardea_operation_t& operation) {
  Json out = Json::object({{"name", operation.name}});
  add_text(out, "role", operation.role);
  add_text(out, "help", operation.help);
  out.set("synchronous", operation.synchronous != 0)
      .set("access", access_name(operation.access))
      .set("parameters", parameters_json({operation.params, operation.param_count}));
  return out;
}

}  // namespace

Json parameters_json(std::span<const cardea_param_t> params) {
  Json out = Json::array();
  for (const cardea_param_t& param : params) {
    out.push(parameter_json(param));
  }
  return out;
}

Json feature_operations_json(const FeatureInfo& feature) {
  Json aliases = Json::array();
  for (const std::string& alias : feature.aliases) {
    aliases.push(alias);
  }
  Json operations = Json::array();
  for (const cardea_operation_t& operation : feature.operations) {
    operations.push(operation_json(operation));
  }
  return Json::object({{"id", feature.id},
                       {"aliases", aliases},
                       {"event_key", feature.event_key},
                       {"request_optional", feature.request_optional},
                       {"operations", operations}});
}

const char* place_name(Verb::Place place) {
  switch (place) {
    case Verb::Place::Server:
      return "server";
    case Verb::Place::Session:
      return "session or handle";
    case Verb::Place::SessionOnly:
      return "session";
    case Verb::Place::Handle:
      break;
  }
  return "handle";
}

const char* place_name(AdminRequest::Place place) {
  switch (place) {
    case AdminRequest::Place::Server:
      return "server";
    case AdminRequest::Place::ServerOrSession:
      return "server or session";
    case AdminRequest::Place::Session:
      return "session";
    case AdminRequest::Place::Handle:
      break;
  }
  return "handle";
}

}  // namespace cardea::session
