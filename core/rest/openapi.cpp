#include "core/rest/openapi.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "core/rest/parameters.hpp"
#include "core/rest/problem.hpp"

namespace cardea::rest {

namespace {

using Params = std::span<const cardea_param_t>;

constexpr std::int64_t kLargestId = (std::int64_t{1} << 53) - 1;

Json schema_of(const cardea_param_t& param);

void add_help(Json& out, const char* help) {
  if (help != nullptr && *help != '\0') {
    out.set("description", help);
  }
}

Json object_schema(Params fields) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const cardea_param_t& field : fields) {
    properties.set(field.name, schema_of(field));
    if (field.required != 0) {
      required.push(field.name);
    }
  }
  Json out = Json::object({{"type", "object"}});
  if (fields.empty()) {
    return out;
  }
  out.set("properties", properties);
  if (required.size() > 0) {
    out.set("required", required);
  }
  return out;
}

// One field without a name declares the elements themselves.
Json element_schema(Params fields) {
  if (fields.empty()) {
    return Json::object();
  }
  return fields.front().name[0] == '\0' ? schema_of(fields.front()) : object_schema(fields);
}

Json array_schema(const cardea_param_t& param) {
  Json out = Json::object({{"type", "array"}});
  out.set("items", element_schema({param.fields, param.field_count}));
  if (param.max > 0) {
    out.set("maxItems", param.max);
  }
  return out;
}

Json id_schema() {
  return Json::object({{"type", "integer"}, {"minimum", 0}, {"maximum", kLargestId}});
}

Json bounded(const char* type, const char* least, const char* most, const cardea_param_t& param) {
  Json out = Json::object({{"type", type}});
  if (param.min != 0) {
    out.set(least, param.min);
  }
  if (param.max > 0) {
    out.set(most, param.max);
  }
  return out;
}

Json typed_schema(const cardea_param_t& param) {
  switch (param.type) {
    case CARDEA_PARAM_BOOL:
      return Json::object({{"type", "boolean"}});
    case CARDEA_PARAM_INT:
      return bounded("integer", "minimum", "maximum", param);
    case CARDEA_PARAM_STRING:
      return bounded("string", "minLength", "maxLength", param);
    case CARDEA_PARAM_ID:
      return id_schema();
    case CARDEA_PARAM_ID_OR_STRING: {
      Json kinds = Json::array();
      kinds.push(id_schema()).push(Json::object({{"type", "string"}}));
      return Json::object({{"oneOf", kinds}});
    }
    case CARDEA_PARAM_OBJECT:
      return object_schema({param.fields, param.field_count});
    case CARDEA_PARAM_ARRAY:
      return array_schema(param);
    case CARDEA_PARAM_ANY:
      break;
  }
  return Json::object();
}

Json schema_of(const cardea_param_t& param) {
  Json out = typed_schema(param);
  add_help(out, param.help);
  return out;
}

Json content(const char* type, Json schema) {
  return Json::object({{type, Json::object({{"schema", std::move(schema)}})}});
}

bool in_path(const cardea_rest_operation_t& operation, const cardea_param_t& param) {
  return std::string_view(operation.path).find("{" + std::string(param.name) + "}") !=
         std::string_view::npos;
}

Json place_json(const char* place, const cardea_param_t& param, bool required) {
  Json out = Json::object({{"name", param.name}, {"in", place}, {"required", required}});
  add_help(out, param.help);
  return out.set("schema", typed_schema(param));
}

// Parameters of path and query; the rest is gathered in `body`.
Json parameters_of(const cardea_rest_operation_t& operation, std::vector<cardea_param_t>& body) {
  const std::string_view method(operation.method);
  Json out = Json::array();
  for (const cardea_param_t& param : Params(operation.params, operation.param_count)) {
    if (in_path(operation, param)) {
      out.push(place_json("path", param, true));
    } else if (method == "GET" || takes_raw_body(operation)) {
      out.push(place_json("query", param, param.required != 0));
    } else {
      body.push_back(param);
    }
  }
  return out;
}

Json body_of(const cardea_rest_operation_t& operation, const std::vector<cardea_param_t>& body) {
  Json types = Json::object();
  if (takes_raw_body(operation)) {
    const std::string all(operation.body_types);
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = std::min(all.find('|', at), all.size());
      types.set(all.substr(at, end - at), Json::object({{"schema", Json::object()}}));
      at = end + 1;
    }
  } else {
    types = content("application/json", object_schema(body));
    if (operation.body_types != nullptr) {
      types.set("application/x-www-form-urlencoded",
                Json::object({{"schema", object_schema(body)}}));
    }
  }
  const bool required = takes_raw_body(operation) ||
                        std::any_of(body.begin(), body.end(),
                                    [](const cardea_param_t& one) { return one.required != 0; });
  return Json::object({{"required", required}, {"content", types}});
}

Json responses_of(const cardea_rest_operation_t& operation) {
  Json success = Json::object({{"description", operation.help}});
  if (operation.result_type != nullptr) {
    success.set("content", content(operation.result_type, Json::object({{"type", "string"}})));
  } else if (operation.result != nullptr) {
    success.set("content", content("application/json", typed_schema(*operation.result)));
  }
  return Json::object({{std::to_string(operation.status).c_str(), success},
                       {"default", Json::object({{"$ref", "#/components/responses/Problem"}})}});
}

const char* rank_words(cardea_rank_t rank) {
  switch (rank) {
    case CARDEA_RANK_NOBODY:
      return "Open to everybody.";
    case CARDEA_RANK_GUEST:
      return "For guests and users.";
    case CARDEA_RANK_USER:
      return "For users.";
    case CARDEA_RANK_MODERATOR:
      return "For moderators of the server.";
    case CARDEA_RANK_ADMIN:
      break;
  }
  return "For administrators.";
}

Json operation_json(const cardea_rest_operation_t& operation) {
  const std::string id(operation.id);
  std::vector<cardea_param_t> body;
  Json tags = Json::array();
  tags.push(id.substr(0, id.find('.')));
  Json out = Json::object({{"operationId", id}, {"summary", operation.help}, {"tags", tags}});
  out.set("description", rank_words(operation.access));
  out.set("parameters", parameters_of(operation, body));
  if (!body.empty() || takes_raw_body(operation)) {
    out.set("requestBody", body_of(operation, body));
  }
  out.set("responses", responses_of(operation));
  Json security = Json::array();
  if (operation.access != CARDEA_RANK_NOBODY) {
    security.push(Json::object({{"bearer", Json::array()}}));
  }
  return out.set("security", security);
}

Json components() {
  Json properties = Json::object();
  for (const char* name : {"type", "title", "detail", "code", "error"}) {
    properties.set(name, Json::object({{"type", "string"}}));
  }
  properties.set("status", Json::object({{"type", "integer"}}));
  const Json problem = Json::object(
      {{"description", "The request was refused"},
       {"content",
        content(kProblemType, Json::object({{"type", "object"}, {"properties", properties}}))}});
  const Json bearer =
      Json::object({{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}});
  return Json::object({{"responses", Json::object({{"Problem", problem}})},
                       {"securitySchemes", Json::object({{"bearer", bearer}})}});
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

Json openapi(const Catalog& catalog, std::string_view version, std::string_view base_url) {
  Json paths = Json::object();
  for (const Route& route : catalog.routes()) {
    if (route.alias) {
      continue;
    }
    const std::string path = route.path.substr(kBase.size());
    Json item = paths[path] ? paths[path] : Json::object();
    item.set(lower(route.method), operation_json(*route.operation));
    paths.set(path, item);
  }
  Json servers = Json::array();
  servers.push(Json::object({{"url", std::string(base_url) + std::string(kBase)}}));
  return Json::object(
      {{"openapi", "3.1.0"},
       {"info", Json::object({{"title", "Cardea"}, {"version", std::string(version)}})},
       {"servers", servers},
       {"paths", paths},
       {"components", components()}});
}

}  // namespace cardea::rest
