// Replay window as a ring of bits: index modulo 1024.
#include "core/srtp/replay_window.hpp"

namespace cardea::srtp {

bool ReplayWindow::is_new(std::uint64_t index) const {
  if (empty_ || index > highest_) {
    return true;
  }
  return highest_ - index < kSize && (seen_[word(index)] & bit(index)) == 0;
}

void ReplayWindow::commit(std::uint64_t index) {
  if (empty_ || index > highest_) {
    const std::uint64_t step = empty_ ? kSize : index - highest_;
    if (step >= kSize) {
      seen_.fill(0);
    } else {
      // The places between belong to indices that fell out of the window.
      for (std::uint64_t i = highest_ + 1; i < index; ++i) {
        seen_[word(i)] &= ~bit(i);
      }
    }
    highest_ = index;
    empty_ = false;
  }
  seen_[word(index)] |= bit(index);
}

}  // namespace cardea::srtp
