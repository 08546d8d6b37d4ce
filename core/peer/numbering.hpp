// One continuous numbering for the packets of changing sources and layers.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/time.hpp"
#include "core/peer/source_state.hpp"
#include "core/srtp/replay_window.hpp"

namespace cardea::peer {

/// Sequence number, time and VP8 picture numbers of what goes out. One thread, no allocation.
class Numbering {
 public:
  struct Numbers {
    std::uint64_t seq = 0;  ///< unwrapped
    std::uint32_t timestamp = 0;
    /// The payload's own numbers must be replaced by these.
    bool moves_picture = false;
    std::uint16_t picture_id = 0;
    std::uint8_t tl0 = 0;
  };

  /// The next packet follows the last one, whatever it is.
  void restart() { restart_ = true; }
  /// Numbers of one packet; nothing when it is older than where this stream began, or its number is
  /// spent.
  std::optional<Numbers> number(const SourcePacket& in, std::uint32_t clock_rate, Time now);
  /// It went out.
  void commit(const SourcePacket& in, const Numbers& numbers, Time now);
  /// It does not go out, and those behind it close up.
  void leave_out(const SourcePacket& in);

  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] bool restarting() const { return restart_; }
  /// The highest that went out.
  [[nodiscard]] std::uint64_t last() const { return last_; }
  [[nodiscard]] std::uint32_t timestamp_offset() const { return timestamp_offset_; }
  [[nodiscard]] std::uint8_t layer() const { return layer_; }

 private:
  struct LeftOut {
    std::uint64_t seq = 0;
    bool picture = false;  ///< a whole picture begins with it
  };
  struct Gaps {
    std::uint64_t packets = 0;
    std::uint16_t pictures = 0;
  };

  void begin_at(const SourcePacket& in, std::uint32_t clock_rate, Time now);
  /// Left out before `seq`; nothing when that is too long ago to know.
  [[nodiscard]] std::optional<Gaps> before(std::uint64_t seq) const;

  bool started_ = false;
  bool restart_ = true;
  std::uint32_t epoch_ = 0;
  std::uint8_t layer_ = 0;
  // out = in - base_in_ + base_out_ - packets left out.
  std::uint64_t base_in_ = 0;
  std::uint64_t base_out_ = 0;
  std::uint64_t newest_in_ = 0;
  std::uint64_t last_ = 0;
  // Numbers that went out: each is a nonce of SRTP and must never seal other bytes.
  srtp::ReplayWindow used_;
  // Most streams leave nothing out.
  std::unique_ptr<std::array<LeftOut, 256>> left_out_;
  Gaps gaps_;
  std::uint32_t timestamp_offset_ = 0;
  std::uint32_t last_timestamp_ = 0;
  Time last_sent_;
  bool pictures_ = false;
  std::uint16_t picture_offset_ = 0;
  std::uint16_t last_picture_ = 0;
  std::uint8_t tl0_offset_ = 0;
  std::uint8_t last_tl0_ = 0;
};

}  // namespace cardea::peer
