// Chooses which simulcast, spatial and temporal layers of a source one sink gets, and changes them
// where a decoder can follow.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.hpp"
#include "core/peer/source_state.hpp"

namespace cardea::media {

/// What goes out; -1 where the source has none of the kind.
struct LayerState {
  std::int32_t substream = -1;  ///< simulcast or spatial layer
  std::int32_t temporal = -1;
  friend bool operator==(const LayerState&, const LayerState&) = default;
};

/// A source without simulcast has layer 0 alone. One thread.
class LayerSelector {
 public:
  enum class Verdict : std::uint8_t {
    Other,     ///< of another simulcast layer, or nothing goes on yet
    LeftOut,   ///< of the stream that goes on, but too high a layer
    Pass,      ///< goes on
    PassLast,  ///< goes on as the last packet of its picture
  };
  // A source whose key frames we cannot recognise (end-to-end encrypted, an unknown codec) must not
  // be waited for for ever.
  static constexpr Duration kPatience = std::chrono::seconds(2);

  /// @param highest simulcast or spatial layer that is wanted, -1 the highest there is.
  void set_wanted(std::int32_t highest, std::int32_t temporal = -1, bool exact = false);
  /// @param mask bit n is set while layer n sends. @returns whether that changes anything.
  bool set_available(std::uint8_t mask);
  /// The source was negotiated with simulcast.
  void set_simulcast(bool simulcast) { simulcast_ = simulcast; }
  /// Another source, or after a pause: the next packet must start a picture.
  void restart();

  Verdict judge(const peer::SourcePacket& packet, Time now);
  bool accept(const peer::SourcePacket& packet, Time now = Time()) {
    const Verdict verdict = judge(packet, now);
    return verdict == Verdict::Pass || verdict == Verdict::PassLast;
  }

  /// The layer of which a key frame is waited for.
  [[nodiscard]] std::optional<std::uint8_t> waiting_for() const;
  /// The simulcast layer that goes on now.
  [[nodiscard]] std::optional<std::uint8_t> current() const;
  /// What goes out now, when that is another than at the last call.
  std::optional<LayerState> take_change();

 private:
  static constexpr std::int32_t kNone = -1;
  static constexpr std::int32_t kAll = 127;
  // Frames after which a temporal layer that did not come counts as gone.
  static constexpr std::uint32_t kWindow = 64;

  void choose();
  void begin(const peer::SourcePacket& packet);
  [[nodiscard]] bool may_begin(const peer::SourcePacket& packet, Time now);
  void follow_temporal(const peer::SourcePacket& packet);
  void note_sent(const rtp::FrameInfo& frame);

  // Wishes.
  std::int32_t wanted_ = -1;
  std::int32_t wanted_temporal_ = kAll;
  bool exact_ = false;
  bool simulcast_ = false;
  // Simulcast.
  std::uint8_t available_ = 0;
  std::int32_t target_ = kNone;
  std::int32_t current_ = kNone;
  // What is let through of it.
  std::int32_t spatial_cap_ = kAll;
  std::int32_t temporal_cap_ = kAll;
  std::int32_t spatial_seen_ = kNone;
  // Patience.
  bool keyframes_known_ = false;
  Time waiting_since_;
  std::uint32_t waiting_timestamp_ = 0;
  // What was told.
  std::int32_t sent_spatial_ = kNone;
  std::int32_t sent_temporal_ = kNone;
  std::int32_t window_temporal_ = kNone;
  std::uint32_t window_ = 0;
  LayerState told_;
};

}  // namespace cardea::media
