// Every request that TextRoom answers: name, parameters, handler, and whether the Janus API has it
// too or only the data channel.
#pragma once

#include <array>
#include <string_view>

#include <cardea/sdk/plugin.hpp>

#include "plugins/textroom/requests/params.hpp"

namespace cardea::textroom {

class TextHandle;

namespace requests {

/// By which way a request came; some answers name it differently.
enum class Way : std::uint8_t { Api, Channel };

sdk::Answer list(TextHandle& handle, const Json& body, Way way);
sdk::Answer list_participants(TextHandle& handle, const Json& body, Way way);
sdk::Answer exists(TextHandle& handle, const Json& body, Way way);
sdk::Answer create(TextHandle& handle, const Json& body, Way way);
sdk::Answer edit(TextHandle& handle, const Json& body, Way way);
sdk::Answer destroy(TextHandle& handle, const Json& body, Way way);
sdk::Answer allowed(TextHandle& handle, const Json& body, Way way);
sdk::Answer kick(TextHandle& handle, const Json& body, Way way);
sdk::Answer announcement(TextHandle& handle, const Json& body, Way way);
sdk::Answer join(TextHandle& handle, const Json& body, Way way);
sdk::Answer leave(TextHandle& handle, const Json& body, Way way);
sdk::Answer message(TextHandle& handle, const Json& body, Way way);

struct Spec {
  const char* name;
  sdk::Answer (*run)(TextHandle& handle, const Json& body, Way way);
  std::span<const cardea_param_t> params;
  cardea_access_t access;
  bool over_api;
  const char* help;
};

inline constexpr std::array kSpecs{
    Spec{"list", list, kList, CARDEA_ACCESS_ANYONE, true, "The rooms that are not private"},
    Spec{"listparticipants", list_participants, kOneRoom, CARDEA_ACCESS_ANYONE, true,
         "Who is in a room"},
    Spec{"exists", exists, kOneRoom, CARDEA_ACCESS_ANYONE, true, "Whether there is such a room"},
    Spec{"create", create, kCreate, CARDEA_ACCESS_ENTER, true, "Makes a room"},
    Spec{"edit", edit, kEdit, CARDEA_ACCESS_MANAGE, true, "Changes a room's settings"},
    Spec{"destroy", destroy, kDestroy, CARDEA_ACCESS_MANAGE, true, "Ends a room"},
    Spec{"allowed", allowed, kAllowed, CARDEA_ACCESS_MANAGE, true, "The tokens that open a room"},
    Spec{"kick", kick, kKick, CARDEA_ACCESS_MANAGE, true, "Puts a member out"},
    Spec{"announcement", announcement, kAnnouncement, CARDEA_ACCESS_MANAGE, true,
         "The room itself says something"},
    Spec{"join", join, kJoin, CARDEA_ACCESS_ENTER, false, "Enters a room"},
    Spec{"leave", leave, kOneRoom, CARDEA_ACCESS_ANYONE, false, "Leaves a room"},
    Spec{"message", message, kMessage, CARDEA_ACCESS_ANYONE, false,
         "Says something to all or to some"},
};

/// Null for a name that is none.
constexpr const Spec* find(std::string_view name) {
  for (const Spec& spec : kSpecs) {
    if (name == spec.name) {
      return &spec;
    }
  }
  return nullptr;
}

/// All of them, as they are checked when they come over a data channel; in the order of kSpecs.
inline constexpr auto kDeclared = [] {
  std::array<cardea_operation_t, kSpecs.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Spec& spec = kSpecs[i];
    out[i] = {spec.name,          nullptr,  1, spec.access, spec.params.data(),
              spec.params.size(), spec.help};
  }
  return out;
}();

/// Those of the Janus API, for the host.
template <typename Handle>
constexpr auto operations() {
  constexpr std::size_t kOverApi = [] {
    std::size_t count = 0;
    for (const Spec& spec : kSpecs) {
      count += spec.over_api ? 1 : 0;
    }
    return count;
  }();
  std::array<sdk::Operation<Handle>, kOverApi + 3> out{};
  std::size_t next = 0;
  for (const Spec& spec : kSpecs) {
    if (spec.over_api) {
      out[next++] = {.name = spec.name,
                     .handle = sdk::method<&Handle::by_api>(),
                     .params = spec.params,
                     .help = spec.help,
                     .synchronous = true,
                     .access = spec.access};
    }
  }
  out[next++] = {.name = "setup",
                 .handle = sdk::method<&Handle::set_up>(),
                 .help = "Offers the connection that everything else goes over"};
  out[next++] = {.name = "ack",
                 .handle = sdk::method<&Handle::acknowledge>(),
                 .help = "The answer to that offer"};
  out[next++] = {.name = "restart",
                 .handle = sdk::method<&Handle::restart>(),
                 .help = "Offers the connection with new ICE credentials"};
  return out;
}

}  // namespace requests
}  // namespace cardea::textroom
