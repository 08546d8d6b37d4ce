// Who observes the messages that peers send on their data channels.
#pragma once

#include <algorithm>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/media/commands.hpp"
#include "core/media/observer_thread.hpp"

namespace cardea::media {

/// Its end is the observer's, also while it waits in a mailbox.
class DataTap {
 public:
  explicit DataTap(std::shared_ptr<ObserverQueue> queue) : queue_(std::move(queue)) {}
  ~DataTap() { queue_->end(); }
  DataTap(const DataTap&) = delete;
  DataTap& operator=(const DataTap&) = delete;

  void put(std::string_view payload, Time now) { queue_->put(now, false, as_bytes(payload), {}); }

 private:
  std::shared_ptr<ObserverQueue> queue_;
};

struct AddDataTap {
  RouteId route = 0;
  PeerId source = 0;
  bool paused = false;
  std::shared_ptr<DataTap> tap;
};

/// Beside the routes: who listens changes nothing of where a message goes. One thread.
class DataTaps {
 public:
  void add(AddDataTap command) { by_source_[command.source].push_back(std::move(command)); }
  void set(const SetRoute& command) {
    for (auto& [source, taps] : by_source_) {
      for (AddDataTap& each : taps) {
        each.paused = each.route == command.route ? command.settings.paused : each.paused;
      }
    }
  }
  void remove(RouteId route) {
    for (auto& [source, taps] : by_source_) {
      std::erase_if(taps, [route](const AddDataTap& each) { return each.route == route; });
    }
    std::erase_if(by_source_, [](const auto& of_source) { return of_source.second.empty(); });
  }
  void remove_peer(PeerId peer) { by_source_.erase(peer); }

  void observe(PeerId source, std::string_view payload, Time now) const {
    const auto found = by_source_.find(source);
    if (found == by_source_.end()) {
      return;
    }
    for (const AddDataTap& each : found->second) {
      if (!each.paused) {
        each.tap->put(payload, now);
      }
    }
  }

 private:
  std::unordered_map<PeerId, std::vector<AddDataTap>> by_source_;
};

}  // namespace cardea::media
