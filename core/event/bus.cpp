// Wraps a body into Janus's envelope and hands the text out.
#include "core/event/bus.hpp"

#include <algorithm>

namespace cardea::event {

void Bus::add(Sink& sink) {
  sinks_.push_back(&sink);
  sum_masks();
}

void Bus::close() {
  sinks_.clear();
  sum_masks();
}

Json Bus::query(std::string_view id, const Json& request) {
  const auto found = std::find_if(sinks_.begin(), sinks_.end(),
                                  [id](const Sink* sink) { return sink->info().id == id; });
  if (found == sinks_.end()) {
    return {};
  }
  Json answer = (*found)->query(request);
  sum_masks();
  return answer;
}

void Bus::custom(std::string_view schema, const Json& data) const {
  emit(kExternal, {}, [&] { return Json::object({{"schema", schema}, {"data", data}}); });
}

void Bus::send(const Type& type, const Subject& subject, Json body) const {
  const auto id = [](std::uint64_t number) {
    return number == 0 ? Json() : Json(static_cast<unsigned long>(number));
  };
  Json out = Json::object();
  if (!emitter_.empty()) {
    out.set("emitter", emitter_);
  }
  out.set("type", static_cast<unsigned>(type.kind));
  if (type.subtype != 0) {
    out.set("subtype", type.subtype);
  }
  out.set("timestamp", static_cast<long>(wall_clock_()));
  out.set("session_id", id(subject.session)).set("handle_id", id(subject.handle));
  if (!subject.opaque_id.empty()) {
    out.set("opaque_id", subject.opaque_id);
  }
  out.set("event", std::move(body));
  const std::string text = out.dump();
  for (Sink* sink : sinks_) {
    if ((sink->mask() & static_cast<std::uint32_t>(type.kind)) != 0) {
      sink->event(type.kind, text);
    }
  }
}

void Bus::sum_masks() {
  mask_ = 0;
  for (const Sink* sink : sinks_) {
    mask_ |= sink->mask();
  }
}

}  // namespace cardea::event
