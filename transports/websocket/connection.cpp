// Limits and clocks of one WebSocket connection.
#include "transports/websocket/connection.hpp"

#include <algorithm>

namespace cardea::websocket {

namespace {

constexpr std::uint64_t kFrameHeader = 14;   // the longest a client sends, RFC 6455 5.2
constexpr std::uint64_t kLargestPing = 131;  // 125 bytes, 2 of header and 4 of mask
constexpr std::uint64_t kHandshakeBytes = 16384;

}  // namespace

Connection::Connection(cardea_client_t id, std::string address, const Settings& settings, Time now)
    : id_(id),
      address_(std::move(address)),
      settings_(settings),
      heard_(now),
      pinged_(now),
      checked_(now) {}

std::optional<Closing> Connection::receive(std::string_view piece, std::uint64_t expected,
                                           bool last, Time now) {
  heard_ = now;
  accounted_ += piece.size() + kFrameHeader;
  if (partial_.size() + piece.size() + expected > settings_.max_message_jsep) {
    return Closing{kTooBig,
                   "message larger than " + std::to_string(settings_.max_message_jsep) + " bytes"};
  }
  if (!partial_since_) {
    partial_since_ = now;
  }
  partial_.append(piece);
  if (!last) {
    return std::nullopt;
  }
  partial_since_.reset();
  if (partial_.size() > settings_.max_message && partial_.find("\"jsep\"") == std::string::npos) {
    return Closing{kTooBig, "message without jsep larger than " +
                                std::to_string(settings_.max_message) + " bytes"};
  }
  return std::nullopt;
}

std::string Connection::take_text() { return std::exchange(partial_, {}); }

bool Connection::queue(std::string text) {
  if (closing_) {
    return true;
  }
  queued_bytes_ += text.size();
  queue_.push_back(std::move(text));
  // One text alone may be larger: a client that reads gets whatever the host has to say.
  const bool too_much = queue_.size() > 1 && queued_bytes_ > settings_.send_queue_bytes;
  if (too_much || queue_.size() > settings_.send_queue_messages) {
    drop_queue();
    return false;
  }
  return true;
}

void Connection::drop_queue() {
  queue_.clear();
  queued_bytes_ = 0;
}

std::string Connection::next_text() {
  std::string text = std::move(queue_.front());
  queue_.pop_front();
  queued_bytes_ -= text.size();
  return text;
}

void Connection::close(Closing closing, Time now) {
  if (!closing_) {
    const bool violation = closing.code == kPolicyViolation;
    closing_ = std::move(closing);
    close_by_ = now + (violation ? kViolationWait : kCloseWait);
  }
}

bool Connection::ping_due(Time now) {
  if (closing_ || now - heard_ < settings_.ping_interval ||
      now - pinged_ < settings_.ping_interval) {
    return false;
  }
  pinged_ = now;
  return true;
}

bool Connection::dead(Time now) const {
  return (closing_ && now >= close_by_) || now - heard_ >= settings_.ping_timeout;
}

bool Connection::stalled(Time now) const {
  return partial_since_ && now - *partial_since_ >= settings_.partial_message_timeout;
}

bool Connection::floods(std::uint64_t received, Time now) {
  const std::uint64_t known = accounted_ + kHandshakeBytes;
  const std::uint64_t excess = received > known ? received - known : 0;
  const std::chrono::duration<double> elapsed = now - checked_;
  const double allowed = static_cast<double>(settings_.pings_per_second * kLargestPing) *
                         std::max(elapsed.count(), 1.0);
  const bool flooded =
      excess > excess_seen_ && static_cast<double>(excess - excess_seen_) > allowed;
  excess_seen_ = std::max(excess, excess_seen_);
  checked_ = now;
  return flooded;
}

}  // namespace cardea::websocket
