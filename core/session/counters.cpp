// Registers series when they are first needed.
#include "core/session/counters.hpp"

namespace cardea::session {

Counters::Counters(metrics::Registry& registry)
    : registry_(registry),
      candidates_(registry.counter("cardea_trickled_candidates_total",
                                   "ICE candidates that clients trickled")),
      events_(registry.counter("cardea_janus_events_total", "Events queued for clients")),
      dropped_(registry.counter("cardea_janus_events_dropped_total",
                                "Events lost because a session's queue was full")),
      sessions_(registry.gauge("cardea_sessions", "Sessions alive")),
      handles_(registry.gauge("cardea_handles", "Handles alive")) {}

void Counters::error(int code) { add(errors_, "code", std::to_string(code), kErrors, kErrorsHelp); }

void Counters::add(Family& family, const char* label, std::string_view value, const char* name,
                   const char* help) {
  auto found = family.find(value);
  if (found == family.end()) {
    metrics::Counter counter = registry_.counter(name, help, {{label, std::string(value)}});
    found = family.emplace(std::string(value), counter).first;
  }
  found->second.add();
}

}  // namespace cardea::session
