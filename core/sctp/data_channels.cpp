#include "core/sctp/data_channels.hpp"

#include <algorithm>
#include <utility>

#include "core/base/utf8.hpp"

namespace cardea::sctp {
namespace {

PayloadType payload_type(bool binary, bool empty) {
  if (binary) {
    return empty ? PayloadType::EmptyBinary : PayloadType::Binary;
  }
  return empty ? PayloadType::EmptyText : PayloadType::Text;
}

}  // namespace

std::string_view refusal_name(Refusal refusal) {
  switch (refusal) {
    case Refusal::MessageSize:
      return "message_size";
    case Refusal::BadOpen:
      return "bad_open";
    case Refusal::ChannelLimit:
      return "channel_limit";
    case Refusal::UnknownChannel:
      return "unknown_channel";
    case Refusal::BadText:
      return "bad_text";
    case Refusal::PayloadType:
      break;
  }
  return "payload_type";
}

Result<std::unique_ptr<DataChannels>> DataChannels::create(Stack& stack, ChannelListener& listener,
                                                           const ChannelsOptions& options) {
  auto association = Association::create(stack, listener, options.association);
  if (!association) {
    return association.error();
  }
  std::unique_ptr<DataChannels> made(new DataChannels(listener, options));
  made->association_ = *std::move(association);
  return made;
}

std::size_t DataChannels::count() const {
  return static_cast<std::size_t>(std::count_if(channels_.begin(), channels_.end(),
                                                [](const auto& c) { return c.has_value(); }));
}

void DataChannels::closed() {
  channels_ = {};
  unacknowledged_.clear();
  listener_.down();
}

void DataChannels::message(std::uint16_t stream, std::uint32_t type, std::string payload) {
  send_acks();
  const auto kind = static_cast<PayloadType>(type);
  if (kind == PayloadType::Control) {
    return control(stream, payload);
  }
  if (stream >= kMaxStreams || !channels_[stream]) {
    return listener_.refused(Refusal::UnknownChannel);
  }
  data(*channels_[stream], kind, std::move(payload));
}

void DataChannels::data(const Channel& channel, PayloadType type, std::string payload) {
  switch (type) {
    case PayloadType::Text:
      if (!is_utf8(payload)) {
        return listener_.refused(Refusal::BadText);
      }
      return listener_.message(channel.info, false, std::move(payload));
    case PayloadType::Binary:
      return listener_.message(channel.info, true, std::move(payload));
    case PayloadType::EmptyText:
      return listener_.message(channel.info, false, {});
    case PayloadType::EmptyBinary:
      return listener_.message(channel.info, true, {});
    default:
      return listener_.refused(Refusal::PayloadType);
  }
}

void DataChannels::control(std::uint16_t stream, const std::string& payload) {
  const bool known = stream < kMaxStreams && channels_[stream];
  if (payload.size() == 1 && static_cast<std::uint8_t>(payload[0]) == kAck) {
    if (known && channels_[stream]->state == State::Opening) {
      channels_[stream]->state = State::Open;
    }
    return;
  }
  open_by_remote(stream, payload);
}

void DataChannels::open_by_remote(std::uint16_t stream, const std::string& payload) {
  auto info = parse_open(as_bytes(payload));
  if (!info) {
    listener_.refused(Refusal::BadOpen);
    return association_->reset_stream(stream);
  }
  if (stream >= kMaxStreams) {
    listener_.refused(Refusal::ChannelLimit);
    return association_->reset_stream(stream);
  }
  if (channels_[stream]) {
    // Opened twice, or it took a stream of ours: the first one stays.
    return listener_.refused(Refusal::BadOpen);
  }
  channels_[stream] = Channel{State::Open, *std::move(info)};
  unacknowledged_.push_back(stream);
  send_acks();
}

void DataChannels::send_acks() {
  while (!unacknowledged_.empty()) {
    const auto type = static_cast<std::uint32_t>(PayloadType::Control);
    if (association_->send(unacknowledged_.front(), type, {&kAck, 1}, {}) ==
        Association::Sent::Full) {
      return;
    }
    unacknowledged_.pop_front();
  }
}

void DataChannels::stream_reset(std::uint16_t stream) {
  if (stream >= kMaxStreams || !channels_[stream]) {
    return;
  }
  if (channels_[stream]->state != State::Closing) {
    association_->reset_stream(stream);
  }
  channels_[stream].reset();
  std::erase(unacknowledged_, stream);
}

void DataChannels::close(std::string_view label) {
  if (const auto stream = stream_of(label)) {
    channels_[*stream]->state = State::Closing;
    association_->reset_stream(*stream);
  }
}

std::optional<std::uint16_t> DataChannels::stream_of(std::string_view label) const {
  for (std::uint16_t i = 0; i < kMaxStreams; ++i) {
    if (channels_[i] && channels_[i]->state != State::Closing &&
        channels_[i]->info.label == label) {
      return i;
    }
  }
  return std::nullopt;
}

std::optional<std::uint16_t> DataChannels::free_stream() const {
  const int first = options_.dtls_client ? 0 : 1;
  for (int i = first; i < kMaxStreams; i += 2) {
    if (!channels_[static_cast<std::size_t>(i)]) {
      return static_cast<std::uint16_t>(i);
    }
  }
  return std::nullopt;
}

DataChannels::Sent DataChannels::open(const ChannelInfo& info, std::uint16_t& stream) {
  const auto free = free_stream();
  if (!free || info.label.size() > kMaxLabel || info.protocol.size() > kMaxLabel) {
    listener_.refused(free ? Refusal::BadOpen : Refusal::ChannelLimit);
    return Sent::Refused;
  }
  const auto type = static_cast<std::uint32_t>(PayloadType::Control);
  switch (association_->send(*free, type, write_open(info), {})) {
    case Association::Sent::Full:
      return Sent::Full;
    case Association::Sent::Closed:
      return Sent::Refused;
    case Association::Sent::Queued:
      break;
  }
  stream = *free;
  channels_[stream] = Channel{State::Opening, info};
  return Sent::Queued;
}

DataChannels::Sent DataChannels::send(const ChannelInfo& channel, bool binary,
                                      std::string_view payload) {
  send_acks();
  if (payload.size() > std::min(options_.remote_max_message, kMaxMessage)) {
    listener_.refused(Refusal::MessageSize);
    return Sent::Refused;
  }
  std::uint16_t stream = 0;
  if (const auto known = stream_of(channel.label)) {
    stream = *known;
  } else if (const Sent opened = open(channel, stream); opened != Sent::Queued) {
    return opened;
  }
  // Until the other end knows the channel nothing may overtake its opening (RFC 8832 6).
  Reliability reliability = channels_[stream]->info.reliability;
  reliability.ordered = reliability.ordered || channels_[stream]->state == State::Opening;
  // SCTP has no empty message: one byte stands for it (RFC 8831 6.6).
  const auto type = static_cast<std::uint32_t>(payload_type(binary, payload.empty()));
  const Bytes bytes = as_bytes(payload.empty() ? std::string_view("\0", 1) : payload);
  switch (association_->send(stream, type, bytes, reliability)) {
    case Association::Sent::Queued:
      return Sent::Queued;
    case Association::Sent::Full:
      return Sent::Full;
    case Association::Sent::Closed:
      break;
  }
  return Sent::Refused;
}

}  // namespace cardea::sctp
