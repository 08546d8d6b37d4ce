// What sessions count for /metrics.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/metrics/metrics.hpp"

namespace cardea::session {

/// Label values come from our own tables only, never from a client.
class Counters {
 public:
  explicit Counters(metrics::Registry& registry);

  /// @param verb lower case, out of the table of verbs; anything else as "unknown".
  void request(std::string_view verb) { add(requests_, "verb", verb, kRequests, kRequestsHelp); }
  /// @param name out of the Admin API's table; anything else as "unknown".
  void admin_request(std::string_view name) { add(admin_, "request", name, kAdmin, kAdminHelp); }
  /// An error of the Janus API or one that a feature's declaration led to.
  void error(int code);
  void limit_hit(std::string_view limit) { add(limits_, "limit", limit, kLimits, kLimitsHelp); }
  void candidates(std::size_t count) { candidates_.add(count); }
  void event() { events_.add(); }
  void event_dropped() { dropped_.add(); }
  void sessions(std::size_t count) { sessions_.set(static_cast<std::int64_t>(count)); }
  void handles(std::size_t count) { handles_.set(static_cast<std::int64_t>(count)); }

 private:
  using Family = std::map<std::string, metrics::Counter, std::less<>>;

  static constexpr const char* kRequests = "cardea_janus_requests_total";
  static constexpr const char* kRequestsHelp = "Janus API requests by verb";
  static constexpr const char* kAdmin = "cardea_admin_requests_total";
  static constexpr const char* kAdminHelp = "Admin API requests by name";
  static constexpr const char* kErrors = "cardea_janus_errors_total";
  static constexpr const char* kErrorsHelp = "Janus API errors by code";
  static constexpr const char* kLimits = "cardea_limit_hits_total";
  static constexpr const char* kLimitsHelp = "Refusals because a limit was reached";

  void add(Family& family, const char* label, std::string_view value, const char* name,
           const char* help);

  metrics::Registry& registry_;
  Family requests_;
  Family admin_;
  Family errors_;
  Family limits_;
  metrics::Counter candidates_;
  metrics::Counter events_;
  metrics::Counter dropped_;
  metrics::Gauge sessions_;
  metrics::Gauge handles_;
};

}  // namespace cardea::session
