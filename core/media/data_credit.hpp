// What control knows of one peer's data channels: whether they are up, and how much of what it sent
// still waits.
#pragma once

#include <cstdint>
#include <optional>

#include "core/media/data_messages.hpp"

namespace cardea::media {

class DataCredit {
 public:
  /// What a feature may have queued at one peer; and where a refused one is told to go on.
  static constexpr std::size_t kMaxQueued = std::size_t{1024} * 1024;
  static constexpr std::size_t kRoomAgain = kMaxQueued / 4;

  /// @param max_message bytes that the remote takes.
  explicit DataCredit(std::size_t max_message) : max_message_(max_message) {}

  void up() { up_ = true; }
  void down() { *this = DataCredit(max_message_); }

  /// Queued takes the message into account.
  DataSent spend(const DataMessage& message) {
    if (!up_) {
      return DataSent::NoChannel;
    }
    if (message.payload.size() > max_message_ || message.label.size() > sctp::kMaxLabel) {
      return DataSent::TooBig;
    }
    const std::size_t cost = cost_of(message.payload);
    if (queued_ + cost > kMaxQueued) {
      refused_ = true;
      return DataSent::Full;
    }
    queued_ += cost;
    return DataSent::Queued;
  }
  /// True when somebody who was refused must be told.
  bool sent_on(std::size_t bytes) {
    queued_ -= bytes < queued_ ? bytes : queued_;
    const bool tell = refused_ && queued_ <= kRoomAgain;
    refused_ = refused_ && !tell;
    return tell;
  }

 private:
  std::size_t max_message_;
  std::size_t queued_ = 0;
  bool up_ = false;
  bool refused_ = false;
};

}  // namespace cardea::media
