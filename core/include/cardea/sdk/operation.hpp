// Declaring what a feature answers: operations, their parameters and configuration keys as constant
// tables.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include <cardea/feature.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::sdk {

class Request;

/// What a handler gives back: the body that answers the request; the absent Json when it has
/// answered by itself; or an error, which the client gets as error_code and error under the
/// feature's event key.
using Answer = Result<Json>;

/// One request that handles of class H answer: its declaration, checked by the host before the
/// handler runs, and the handler.
template <typename H>
struct Operation {
  const char* name = nullptr;  ///< value of "request" in the message
  Answer (*handle)(H&, const Request&) = nullptr;
  std::span<const cardea_param_t> params = {};
  const char* help = "";
  const char* role = nullptr;  ///< only for handles with this role; null: for any
  bool synchronous = false;    ///< answered at once with "success"; else by an event after the ack
  cardea_access_t access = CARDEA_ACCESS_ANYONE;
};

/// A member function as the handler of an operation: `.handle = sdk::method<&Hello::greet>()`.
template <auto Member>
struct MethodOf;
template <typename H, Answer (H::*Member)(const Request&)>
struct MethodOf<Member> {
  static Answer call(H& handle, const Request& request) { return (handle.*Member)(request); }
};
template <auto Member>
constexpr auto method() {
  return &MethodOf<Member>::call;
}

/// One parameter each; absent is allowed unless wrapped in required().
namespace param {

inline constexpr std::int64_t kLargestId = (std::int64_t{1} << 53) - 1;
inline constexpr std::int64_t kLargestInt = std::numeric_limits<std::int32_t>::max();

constexpr cardea_param_t make(const char* name, cardea_param_type_t type, std::int64_t min,
                              std::int64_t max, std::span<const cardea_param_t> fields,
                              const char* help) {
  return {name, type, 0, min, max, fields.data(), fields.size(), help};
}
constexpr cardea_param_t any(const char* name, const char* help = "") {
  return make(name, CARDEA_PARAM_ANY, 0, 0, {}, help);
}
constexpr cardea_param_t boolean(const char* name, const char* help = "") {
  return make(name, CARDEA_PARAM_BOOL, 0, 0, {}, help);
}
constexpr cardea_param_t integer(const char* name, std::int64_t min, std::int64_t max,
                                 const char* help = "") {
  return make(name, CARDEA_PARAM_INT, min, max, {}, help);
}
/// @param max_bytes longest text in UTF-8.
constexpr cardea_param_t text(const char* name, std::int64_t max_bytes, const char* help = "") {
  return make(name, CARDEA_PARAM_STRING, 0, max_bytes, {}, help);
}
/// An integer 1 .. 2^53-1.
constexpr cardea_param_t id(const char* name, const char* help = "") {
  return make(name, CARDEA_PARAM_ID, 1, kLargestId, {}, help);
}
/// The same, where 0 stands for none.
constexpr cardea_param_t id_or_none(const char* name, const char* help = "") {
  return make(name, CARDEA_PARAM_ID, 0, kLargestId, {}, help);
}
constexpr cardea_param_t object(const char* name, std::span<const cardea_param_t> fields = {},
                                const char* help = "") {
  return make(name, CARDEA_PARAM_OBJECT, 0, 0, fields, help);
}
/// @param fields of each element; none: elements of any kind.
constexpr cardea_param_t array(const char* name, std::int64_t max_elements,
                               std::span<const cardea_param_t> fields = {}, const char* help = "") {
  return make(name, CARDEA_PARAM_ARRAY, 0, max_elements, fields, help);
}
constexpr cardea_param_t required(cardea_param_t parameter) {
  parameter.required = 1;
  return parameter;
}

}  // namespace param
}  // namespace cardea::sdk
