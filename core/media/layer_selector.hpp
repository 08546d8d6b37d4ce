// Chooses which simulcast layer of a source one sink gets, and changes it at key frames only.
#pragma once

#include <cstdint>
#include <optional>

#include "core/peer/source_state.hpp"

namespace cardea::media {

/// A source without simulcast has layer 0 alone. One thread.
class LayerSelector {
 public:
  /// @param highest layer that is wanted, -1 the highest there is.
  void set_wanted(std::int32_t highest);
  /// @param mask bit n is set while layer n sends.
  void set_available(std::uint8_t mask);
  /// Another source, or after a pause: the next packet must start a picture.
  void restart() { current_ = kNone; }

  /// Whether this packet goes on.
  bool accept(const peer::SourcePacket& packet);

  /// The layer of which a key frame is waited for.
  [[nodiscard]] std::optional<std::uint8_t> waiting_for() const;
  /// The layer that goes on now.
  [[nodiscard]] std::optional<std::uint8_t> current() const;

 private:
  static constexpr std::int32_t kNone = -1;

  void choose();

  std::int32_t wanted_ = -1;
  std::uint8_t available_ = 0;
  std::int32_t target_ = kNone;
  std::int32_t current_ = kNone;
};

}  // namespace cardea::media
