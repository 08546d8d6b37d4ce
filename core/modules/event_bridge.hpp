// Both sides of <cardea/events.h>: a module that takes events as the bus's sink, and the functions
// by which modules tell events.
#pragma once

#include <cardea/events.h>

#include "core/event/bus.hpp"
#include "core/modules/module.hpp"

namespace cardea::modules {

class EventSinkBridge final : public event::Sink {
 public:
  /// @param module running, outlives the bridge's last call. @param table its CARDEA_EVENT_SINK.
  EventSinkBridge(Module& module, const cardea_event_sink_t& table);

  [[nodiscard]] const event::SinkInfo& info() const override { return info_; }
  [[nodiscard]] std::uint32_t mask() const override { return mask_; }
  void event(event::Kind kind, std::string_view json) override;
  Json query(const Json& request) override;

 private:
  void read_mask();

  Module& module_;
  const cardea_event_sink_t& table_;
  event::SinkInfo info_;
  std::uint32_t mask_ = 0;
};

/// What modules call.
const cardea_events_t& events_table();

}  // namespace cardea::modules
