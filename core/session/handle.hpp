// One client's attachment to one feature.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "core/event/event.hpp"
#include "core/session/feature_port.hpp"
#include "core/session/guard.hpp"
#include "core/session/negotiation.hpp"

namespace cardea::session {

struct Handle {
  Handle(HandleId handle, std::uint64_t owner, FeaturePort& attached, std::string name,
         media::Engine& engine)
      : id(handle),
        session(owner),
        feature(attached),
        plugin(std::move(name)),
        placement(handle),
        negotiation(handle, engine) {}

  const HandleId id;
  const std::uint64_t session;
  FeaturePort& feature;
  const std::string plugin;  ///< the id or alias that the client attached with; events repeat it
  std::string opaque_id;
  Time created{};
  void* object = nullptr;  ///< the feature's
  std::string role;        ///< operations are looked up by it
  std::uint64_t placement;
  Principal principal;
  Negotiation negotiation;
  std::optional<media::DumpSettings> dump;   ///< where its media are being written to
  bool up = false;                           ///< its peer is connected
  bool hung_up = false;                      ///< its last peer is gone
  std::size_t candidates = 0;                ///< trickled so far
  std::deque<cardea_request_id_t> requests;  ///< that still lend their transaction, oldest first
};

/// Borrows from the handle.
inline event::Subject subject_of(const Handle& handle) {
  return {handle.session, handle.id, handle.opaque_id};
}

}  // namespace cardea::session
