// Writing a module that carries events away: which it takes, the bounded queue to its own thread,
// and the table for the host.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/events.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/module.hpp>
#include <cardea/sdk/result.hpp>
#include <cardea/sdk/text.hpp>

namespace cardea::sdk {

inline constexpr std::uint32_t kAllEvents = 0x1ff;

/// A kind of events by Janus's name for it ("sessions"), "all", "none". @returns 0 for "none" only.
inline Result<std::uint32_t> event_kind(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::uint32_t>, 11> kNames = {{
      {"all", kAllEvents},
      {"none", 0},
      {"sessions", CARDEA_EVENT_SESSION},
      {"handles", CARDEA_EVENT_HANDLE},
      {"external", CARDEA_EVENT_EXTERNAL},
      {"jsep", CARDEA_EVENT_JSEP},
      {"webrtc", CARDEA_EVENT_WEBRTC},
      {"media", CARDEA_EVENT_MEDIA},
      {"plugins", CARDEA_EVENT_PLUGIN},
      {"transports", CARDEA_EVENT_TRANSPORT},
      {"core", CARDEA_EVENT_CORE},
  }};
  for (const auto& [known, mask] : kNames) {
    if (known == name) {
      return mask;
    }
  }
  return Error{"no kind of events is called '" + std::string(name) +
               "': all, none, sessions, handles, external, jsep, webrtc, media, plugins, "
               "transports, core"};
}

/// Names separated by commas and spaces.
inline Result<std::uint32_t> event_mask(std::string_view names) {
  constexpr std::string_view kBetween = ", ";
  std::uint32_t mask = 0;
  for (std::size_t at = names.find_first_not_of(kBetween); at != std::string_view::npos;) {
    const std::size_t end = std::min(names.find_first_of(kBetween, at), names.size());
    const auto kind = event_kind(names.substr(at, end - at));
    if (!kind) {
      return kind.error();
    }
    mask |= *kind;
    at = names.find_first_not_of(kBetween, end);
  }
  return mask;
}

/// What a sink takes and in which form; query_eventhandler changes it while the server runs.
class EventChoice {
 public:
  /// @param section of the configuration, with "events" (a list) and perhaps "grouping". Throws for
  /// an unknown kind.
  explicit EventChoice(const Json& section) : grouping_(section["grouping"].as_bool(true)) {
    const Json names = section["events"];
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto kind = event_kind(names.at(i).as_text());
      if (!kind) {
        throw std::runtime_error(kind.error().message);
      }
      mask_ |= *kind;
    }
  }

  /// [control]
  [[nodiscard]] std::uint32_t mask() const { return mask_; }
  /// [any] Several events make one JSON array.
  [[nodiscard]] bool grouping() const { return grouping_; }

  /// [control] Answers "settings" and "tweak" with Janus's numbers.
  Json query(const Json& request) {
    const Json name = request["request"];
    if (!name) {
      return failure(412, "Missing mandatory element (request)");
    }
    if (!name.is_string()) {
      return failure(413, "Invalid element type (request should be a string)");
    }
    if (name.as_text() == "tweak") {
      return tweak(request);
    }
    if (name.as_text() == "settings") {
      return Json::object({{"result", 200}, {"mask", mask_}, {"grouping", grouping()}});
    }
    return failure(411, "Unknown request '" + echoed(name.as_text()) + "'");
  }

 private:
  static Json failure(int code, const std::string& text) {
    return Json::object({{"error_code", code}, {"error", text}});
  }

  Json tweak(const Json& request) {
    const Json events = request["events"];
    const Json grouping = request["grouping"];
    if ((events && !events.is_string()) || (grouping && !grouping.is_bool())) {
      return failure(413, std::string("Invalid element type (") +
                              (events && !events.is_string() ? "events should be a string"
                                                             : "grouping should be a boolean") +
                              ")");
    }
    const auto mask = event_mask(events.as_text());
    if (!mask) {
      return failure(413, mask.error().message);
    }
    if (events) {
      mask_ = *mask;
    }
    grouping_ = grouping.as_bool(grouping_);
    return Json::object({{"result", 200}});
  }

  std::uint32_t mask_ = 0;
  std::atomic<bool> grouping_;
};

/// Events on their way from the control thread to the sink's own; bounded in bytes.
class EventQueue {
 public:
  explicit EventQueue(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// [control] False when it would hold too much: the event is lost.
  bool push(std::string_view json) {
    {
      const std::scoped_lock lock(mutex_);
      if (stopped_ || bytes_ + json.size() > max_bytes_) {
        return false;
      }
      bytes_ += json.size();
      events_.emplace_back(json);
    }
    wake_.notify_one();
    return true;
  }

  /// [work] The next events, oldest first; waits for one. None: stop() was called and the queue is
  /// empty.
  std::vector<std::string> wait(std::size_t most) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopped_ || !events_.empty(); });
    return take(most);
  }
  /// [any] The same without waiting.
  std::vector<std::string> try_take(std::size_t most) {
    const std::scoped_lock lock(mutex_);
    return take(most);
  }

  /// [work] Waits, but not beyond stop(). False after stop().
  template <typename Duration>
  bool pause(Duration duration) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, duration, [this] { return stopped_; });
  }

  /// [control] Takes nothing more; what is in it can still be taken out.
  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
  }
  [[nodiscard]] bool stopped() const {
    const std::scoped_lock lock(mutex_);
    return stopped_;
  }
  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return events_.size();
  }

 private:
  std::vector<std::string> take(std::size_t most) {
    std::vector<std::string> out;
    while (!events_.empty() && out.size() < most) {
      bytes_ -= events_.front().size();
      out.push_back(std::move(events_.front()));
      events_.pop_front();
    }
    return out;
  }

  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::string> events_;
  std::size_t bytes_ = 0;
  bool stopped_ = false;
};

/// The texts to send: one array of all when grouped, else each event by itself.
inline std::vector<std::string> event_bodies(std::vector<std::string> events, bool grouped) {
  if (!grouped || events.empty()) {
    return events;
  }
  std::string all;
  for (const std::string& event : events) {
    all += (all.empty() ? '[' : ',') + event;
  }
  return {all + ']'};
}

/// What a sink tells its host. [any]
class EventSinkHost : public Host {
 public:
  explicit EventSinkHost(const cardea_host_t& table)
      : Host(table), events_(get_interface<cardea_events_t>(CARDEA_EVENTS)) {}

  /// @param what a literal: "sent", "lost", ...
  void count(const char* what, std::size_t events) const {
    if (events_ != nullptr && events > 0) {
      events_->count(context(), what, events);
    }
  }
  /// An event was dropped for want of room.
  void overflow() const {
    if (events_ != nullptr) {
      events_->overflow(context());
    }
  }

 private:
  const cardea_events_t* events_;
};

/// The module's side for class T, which has host(), mask(), event() and query(). Exceptions end
/// here.
template <typename T>
inline constexpr cardea_event_sink_t kEventSinkTable = {
    sizeof(cardea_event_sink_t),
    [](void* instance) { return static_cast<T*>(instance)->mask(); },
    [](void* instance, std::uint32_t /*kind*/, cardea_str_t json) {
      auto* self = static_cast<T*>(instance);
      guarded(self->host(), "event", [&] { self->event(to_view(json)); });
    },
    [](void* instance, cardea_str_t request, void* out,
       void (*write)(void* out, cardea_str_t json)) {
      auto* self = static_cast<T*>(instance);
      guarded(self->host(), "query", [&] {
        if (const auto parsed = Json::parse(to_view(request))) {
          write(out, to_str(self->query(*parsed).dump()));
        }
      });
    },
};

}  // namespace cardea::sdk
