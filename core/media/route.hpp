// One route: what of a source goes to one sink.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.hpp"
#include "core/media/bitrate_police.hpp"
#include "core/media/deadline_heap.hpp"
#include "core/media/engine.hpp"
#include "core/media/keyframe_gate.hpp"
#include "core/media/layer_meter.hpp"
#include "core/media/layer_selector.hpp"
#include "core/media/talk_meter.hpp"
#include "core/peer/media_end.hpp"
#include "core/peer/source_state.hpp"

namespace cardea::media {

class Route;

/// What is left out for want of time.
enum class Shed : std::uint8_t { Nothing, Layers, Video };

/// What a route still has to give out of the source's frame cache.
struct Replay {
  std::uint8_t layer = 0;
  std::uint32_t epoch = 0;
  /// The next packet has at least this number; live packets from there on come by way of the cache.
  std::uint64_t next_seq = 0;
  /// RTP time of the newest picture when it began.
  std::uint32_t newest = 0;
  /// When the next piece may go.
  Time due;
};

/// A received m-line as the router sees it. Its deadline is for key frame requests.
struct Source : DeadlineHeap::Item {
  Source(peer::MediaEnd& peer_in, LineRef ref_in) : peer(peer_in), ref(ref_in) {}

  peer::MediaEnd& peer;
  LineRef ref;
  std::vector<Route*> routes;
  /// Of the present batch, all within its buffers.
  std::vector<peer::SourcePacket> pending;
  std::array<KeyframeGate, peer::kMaxLayers> gates;
  std::array<Time, peer::kMaxLayers> last_packet{};
  std::uint8_t available = 0;
  /// There is less of it to be had: simulcast, spatial or temporal layers.
  bool layered = false;
  BitratePolice police;
  TalkMeter talk;
  LayerMeter meter;
  bool svc = false;  ///< spatial layers in one stream were seen
  Time next_layer_check;
  SourceSettings settings;
  Time next_periodic = Time::max();
};

/// Owned by the router. One thread.
class Route {
 public:
  Route(RouteId id, LineRef source, LineRef sink, const RouteSettings& settings)
      : id_(id), source_ref_(source), sink_ref_(sink), settings_(settings) {
    choose();
  }

  [[nodiscard]] RouteId id() const { return id_; }
  [[nodiscard]] LineRef source_ref() const { return source_ref_; }
  [[nodiscard]] LineRef sink_ref() const { return sink_ref_; }

  /// Connects, or after a renegotiation connects again. @param sink null while the m-line does not
  /// send.
  void bind(Source& source, peer::PacketSink* sink);
  /// A sink that is no peer's: the route keeps it.
  void set_outlet(std::shared_ptr<peer::PacketSink> outlet) { outlet_ = std::move(outlet); }
  [[nodiscard]] peer::PacketSink* outlet() const { return outlet_.get(); }
  void unbind();

  void set(const RouteSettings& settings);
  /// Of what the source offers only that which is wished; the least of it in any case.
  [[nodiscard]] std::vector<Rung> within_wish(std::vector<Rung> ladder) const;
  /// No more than these layers, whatever is wished; -1 no bound. @returns whether that is new.
  bool cap(const Rung& most);
  /// Nothing goes out until the layer that is waited for begins: the one before fits no more.
  void leave_layer();
  /// The worker has not the time for all of it. @returns whether less goes out than before.
  bool shed(Shed shed);
  /// Nothing goes out until cap() is called. @returns whether that is new.
  bool starve();
  [[nodiscard]] bool starved() const { return starved_; }
  /// The viewer's link has no room for all that it wishes.
  [[nodiscard]] bool capped() const { return cap_.substream >= 0; }
  [[nodiscard]] bool paused() const { return settings_.paused; }
  bool set_available(std::uint8_t layers) { return selector_.set_available(layers); }
  [[nodiscard]] Duration fallback() const { return settings_.fallback; }
  /// The sink's peer came up: it has seen nothing yet.
  void restart() {
    stop_replay();
    selector_.restart();
  }

  /// forward() is about to be called.
  void prepare() const {
    if (sink_ != nullptr) {
      sink_->prepare();
    }
  }
  /// The hot path: gives the sink what it wants of these packets, in order.
  /// @returns the layers that go out, when others do now.
  std::optional<LayerState> forward(std::span<const peer::SourcePacket> packets, Time now);

  /// Until stop_replay() the sink gets by replay_one() what begins at `replay`.
  void start_replay(const Replay& replay) { replay_ = replay; }
  void stop_replay() { replay_.reset(); }
  /// Null when the sink gets what comes.
  [[nodiscard]] Replay* replay() { return replay_ ? &*replay_ : nullptr; }
  [[nodiscard]] bool replaying() const { return replay_.has_value(); }
  /// Gives one kept packet; `replay` goes on behind it.
  void replay_one(const peer::SourcePacket& packet, Time now);
  /// The replay was cut short: the sink needs a key frame again.
  void break_replay();
  [[nodiscard]] std::optional<LayerState> take_change() { return selector_.take_change(); }

  /// The layer of which the sink waits for a key frame.
  [[nodiscard]] std::optional<std::uint8_t> waiting_for() const;
  /// Layer that the sink's picture is made of, for its own requests.
  [[nodiscard]] std::optional<std::uint8_t> current_layer() const { return selector_.current(); }

 private:
  void choose();
  void set_starved(bool starved);
  [[nodiscard]] bool stopped() const {
    return settings_.paused || starved_ || shed_ == Shed::Video || sink_ == nullptr ||
           !sink_->ready();
  }
  void give(const peer::SourcePacket& packet, Time now);
  void give_older(std::span<const peer::SourcePacket> packets, Time now);

  RouteId id_;
  LineRef source_ref_;
  LineRef sink_ref_;
  RouteSettings settings_;
  LayerSelector selector_;
  Rung cap_{-1, -1, 0};
  bool starved_ = false;
  Shed shed_ = Shed::Nothing;
  std::shared_ptr<peer::PacketSink> outlet_;
  peer::PacketSink* sink_ = nullptr;
  const peer::SourceState* bound_ = nullptr;
  std::optional<Replay> replay_;
};

}  // namespace cardea::media
