// Admin API: list_operations, all that a client may ask of this server. It is told from the very
// declarations that requests are checked by, so that generators and fuzzers need no list of their
// own.
#include <array>

#include "core/session/admin.hpp"
#include "core/session/declared.hpp"

namespace cardea::session {
namespace {

using Place = AdminRequest::Place;

Json verbs_json() {
  Json out = Json::array();
  for (const Verb& verb : verbs()) {
    out.push(Json::object({{"name", verb.name},
                           {"place", place_name(verb.place)},
                           {"parameters", parameters_json(verb.params)}}));
  }
  return out;
}

Json admin_json() {
  Json out = Json::array();
  for (const auto& part : admin_requests()) {
    for (const AdminRequest& request : part) {
      out.push(Json::object({{"name", request.name},
                             {"place", place_name(request.place)},
                             {"parameters", parameters_json(request.params)}}));
    }
  }
  return out;
}

void list_operations(VerbCall& call) {
  Json plugins = Json::array();
  for (const FeaturePort* feature : call.context.features.all()) {
    plugins.push(feature_operations_json(feature->info()));
  }
  admin_success(
      call, Json::object({{"core", verbs_json()}, {"admin", admin_json()}, {"plugins", plugins}}));
}

constexpr std::array kRequests{
    AdminRequest{"list_operations", Place::Server, {}, list_operations},
};

}  // namespace

std::span<const AdminRequest> admin_operation_requests() { return kRequests; }

}  // namespace cardea::session
