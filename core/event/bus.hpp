// Brings events to the sinks that want them. What no sink wants is never made.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/sdk/json.hpp>

#include "core/event/event.hpp"

namespace cardea::event {

/// What `info` tells of a sink.
struct SinkInfo {
  std::string id;  ///< "janus.eventhandler.wsevh"; empty: a part of the server, not told
  std::string name;
  std::string author;
  std::string description;
  std::string version_text;
  std::uint32_t version = 0;
};

/// Who carries events away; modules/event_bridge implements it over the C ABI, tests with fakes.
/// [control]
class Sink {
 public:
  virtual ~Sink() = default;
  [[nodiscard]] virtual const SinkInfo& info() const = 0;
  /// Sum of the kinds that it takes. Changes at query() only.
  [[nodiscard]] virtual std::uint32_t mask() const = 0;
  /// Must not block, and emit nothing.
  virtual void event(Kind kind, std::string_view json) = 0;
  /// The Admin API's query_eventhandler; absent: it answers none.
  virtual Json query(const Json& request) = 0;
};

/// [control] All calls.
class Bus {
 public:
  /// @param emitter names this server in each event; empty: left out.
  /// @param wall_clock microseconds since 1970.
  Bus(std::string emitter, std::function<std::int64_t()> wall_clock)
      : emitter_(std::move(emitter)), wall_clock_(std::move(wall_clock)) {}

  /// `sink` lives until close().
  void add(Sink& sink);
  /// Forgets all sinks: they may go now.
  void close();
  [[nodiscard]] const std::vector<Sink*>& sinks() const { return sinks_; }
  /// Asks the sink with that id; absent when there is none or it answers none.
  Json query(std::string_view id, const Json& request);

  [[nodiscard]] bool wanted(Kind kind) const {
    return (mask_ & static_cast<std::uint32_t>(kind)) != 0;
  }
  /// Sends the event whose body `make()` returns as Json; not called when nobody wants it.
  template <typename Make>
  void emit(const Type& type, const Subject& subject, Make&& make) const {
    if (wanted(type.kind)) {
      send(type, subject, std::forward<Make>(make)());
    }
  }
  /// The Admin API's custom_event: something that an application outside tells.
  void custom(std::string_view schema, const Json& data) const;

 private:
  void send(const Type& type, const Subject& subject, Json body) const;
  void sum_masks();

  std::string emitter_;
  std::function<std::int64_t()> wall_clock_;
  std::vector<Sink*> sinks_;
  std::uint32_t mask_ = 0;
};

}  // namespace cardea::event
