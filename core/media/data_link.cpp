#include "core/media/data_link.hpp"

#include <algorithm>
#include <utility>

namespace cardea::media {

Result<std::unique_ptr<DataLink>> DataLink::create(sctp::Stack& stack, const DataUp& up,
                                                   LinkListener& listener, DataCounters& counters,
                                                   const LinkLimits& limits) {
  std::unique_ptr<DataLink> made(new DataLink(up, listener, counters, limits));
  auto channels = sctp::DataChannels::create(stack, *made, up.options);
  if (!channels) {
    return channels.error();
  }
  made->channels_ = *std::move(channels);
  return made;
}

void DataLink::want_turn() {
  if (!turn_wanted_) {
    turn_wanted_ = true;
    listener_.wants_turn(*this);
  }
}

void DataLink::receive(std::vector<std::vector<std::uint8_t>> packets) {
  for (auto& packet : packets) {
    if (inbox_.size() >= limits_.inbox_packets) {
      ++counters_.inbox_full;
    } else {
      inbox_.push_back(std::move(packet));
    }
  }
  want_turn();
}

void DataLink::enqueue(Outgoing message) {
  const std::size_t cost = cost_of(*message.payload);
  if (!message.from_control && queued_bytes_ + cost > limits_.max_queue_bytes) {
    ++counters_.queue_full;
    return;
  }
  queued_bytes_ += cost;
  queue_.push_back(std::move(message));
  want_turn();
}

void DataLink::delivered_to_control(std::size_t cost) {
  ++at_control_;
  cost_at_control_ += cost;
}

void DataLink::taken_by_control(std::size_t messages, std::size_t cost) {
  at_control_ -= std::min(messages, at_control_);
  cost_at_control_ -= std::min(cost, cost_at_control_);
  want_turn();
}

void DataLink::output(Bytes packet) {
  outbox_.emplace_back(packet.begin(), packet.end());
  want_turn();
}

void DataLink::message(const sctp::ChannelInfo& channel, bool binary, std::string payload) {
  ++counters_.messages_in;
  counters_.bytes_in += payload.size();
  listener_.link_message(*this, channel, binary, std::move(payload));
}

bool DataLink::turn() {
  // What comes up meanwhile is part of this turn.
  turn_wanted_ = true;
  for (std::size_t i = 0; i < limits_.packets_per_turn && !inbox_.empty(); ++i) {
    channels_->receive(inbox_.front());
    inbox_.pop_front();
  }
  send_queue();
  const bool more = read_some();
  // What was read may have been answered.
  send_queue();
  flush_packets();
  turn_wanted_ = more || !inbox_.empty();
  return turn_wanted_;
}

bool DataLink::read_some() {
  for (std::size_t i = 0; i < limits_.messages_per_turn; ++i) {
    if (!may_read() || !channels_->read()) {
      return false;
    }
  }
  return true;
}

void DataLink::send_queue() {
  std::size_t sent_of_control = 0;
  while (!queue_.empty()) {
    const Outgoing& next = queue_.front();
    const auto sent = channels_->send(next.channel, next.binary, *next.payload);
    if (sent == sctp::DataChannels::Sent::Full) {
      break;
    }
    if (sent == sctp::DataChannels::Sent::Queued) {
      ++counters_.messages_out;
      counters_.bytes_out += next.payload->size();
    }
    const std::size_t cost = cost_of(*next.payload);
    queued_bytes_ -= cost;
    sent_of_control += next.from_control ? cost : 0;
    queue_.pop_front();
  }
  if (sent_of_control != 0) {
    listener_.link_sent(*this, sent_of_control);
  }
}

void DataLink::flush_packets() {
  if (!outbox_.empty()) {
    // When its worker is behind they are lost, as on any path; SCTP sends them again.
    static_cast<void>(up_.packets->post({peer(), epoch(), std::exchange(outbox_, {})}));
  }
}

}  // namespace cardea::media
