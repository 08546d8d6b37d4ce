// All that the data thread does, without its thread: links, routes between them, and what control
// is told.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/time.hpp"
#include "core/log/log.hpp"
#include "core/media/data_counters.hpp"
#include "core/media/data_link.hpp"
#include "core/media/data_messages.hpp"
#include "core/media/data_routes.hpp"
#include "core/media/data_taps.hpp"
#include "core/sctp/stack.hpp"

namespace cardea::media {

/// One thread. At most one in a process: see sctp::Stack.
class DataHub final : LinkListener {
 public:
  explicit DataHub(log::Logger log, const LinkLimits& limits = {})
      : log_(std::move(log)), limits_(limits) {}
  ~DataHub() override;
  DataHub(const DataHub&) = delete;
  DataHub& operator=(const DataHub&) = delete;

  void take(DataInput input);
  /// Gives each link that wants one a turn. True when some want another at once.
  bool turn(Time now);
  /// Until then nothing happens by itself; Time::max() without links.
  [[nodiscard]] Time next_deadline(Time now) const;

  /// For control, oldest first.
  std::vector<DataNotice> take_notices() { return std::exchange(notices_, {}); }
  [[nodiscard]] const DataCounters& counters() const { return counters_; }
  [[nodiscard]] std::size_t links() const { return links_.size(); }
  [[nodiscard]] std::size_t channels() const;
  [[nodiscard]] std::size_t routes() const { return routes_.count(); }

 private:
  void on(DataUp& up);
  void on(DataDown& down);
  void on(PeerPackets& packets);
  void on(AddRoute& command) { routes_.add(command); }
  void on(SetRoute& command);
  void on(RemoveRoute& command);
  void on(RemovePeer& command);
  void on(AddDataTap& command) { taps_.add(std::move(command)); }
  void on(SendData& send);
  void on(DataTaken& taken);

  void wants_turn(DataLink& link) override { waiting_.push_back(link.peer()); }
  void link_up(DataLink& link) override { notice(link, ChannelsUp{link.line()}); }
  void link_down(DataLink& link) override;
  void link_message(DataLink& link, const sctp::ChannelInfo& channel, bool binary,
                    std::string payload) override;
  void link_sent(DataLink& link, std::size_t bytes) override { notice(link, DataSentOn{bytes}); }

  DataLink* find(PeerId peer);
  DataLink* find(PeerId peer, std::uint32_t epoch);
  template <typename What>
  void notice(const DataLink& link, What what) {
    notices_.push_back({link.peer(), link.epoch(), std::move(what)});
  }

  log::Logger log_;
  LinkLimits limits_;
  sctp::Stack stack_;
  DataCounters counters_;
  DataRoutes routes_;
  DataTaps taps_;
  Time now_;
  std::unordered_map<PeerId, std::unique_ptr<DataLink>> links_;
  std::vector<PeerId> waiting_;
  std::vector<PeerId> ended_;
  std::vector<DataNotice> notices_;
};

}  // namespace cardea::media
