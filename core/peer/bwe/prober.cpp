// Probe clusters and their measurement.
#include "core/peer/bwe/prober.hpp"

#include <algorithm>

#include "core/rtp/twcc_sender.hpp"

namespace cardea::peer {

namespace {

using std::chrono::milliseconds;

// Long enough for four bursts of a pacer that works each 5 ms; short, because what is too much
// stands in a queue.
constexpr Duration kLength = milliseconds(20);
// From fewer packets no rate can be told.
constexpr std::uint32_t kPackets = 8;
constexpr std::uint32_t kLeastPacket = 120;
constexpr std::uint32_t kMostPacket = 1200;
// Nobody had padding to send, or feedback does not come.
constexpr Duration kGiveUp = milliseconds(1000);
// Less of it came back than makes a measurement.
constexpr double kEnough = 0.7;
// Received slower than this part of the sent rate: the link was full, and what it let through is
// its capacity; a little less than that lets the queue drain.
constexpr double kFull = 0.9;
constexpr double kOfCapacity = 0.95;

std::optional<double> rate(std::size_t bytes, Duration over) {
  if (bytes == 0 || over < milliseconds(1)) {
    return std::nullopt;
  }
  return static_cast<double>(bytes) * 8e6 / static_cast<double>(over.count());
}

}  // namespace

void Prober::Side::add(Time at, std::size_t size) {
  if (bytes == 0) {
    first = last = at;
  }
  bytes += size;
  if (at <= first) {
    first_bytes = at < first ? size : first_bytes + size;
    first = at;
  }
  if (at >= last) {
    last_bytes = at > last ? size : last_bytes + size;
    last = at;
  }
}

void Prober::request(std::uint64_t bitrate) {
  const bool higher = waiting_.empty() || waiting_.back() < bitrate;
  if (higher && waiting_.size() < kMostWaiting) {
    waiting_.push_back(bitrate);
  }
}

void Prober::cancel() {
  waiting_.clear();
  probe_.reset();
}

void Prober::begin(Time now) {
  const std::uint64_t bitrate = waiting_.front();
  waiting_.erase(waiting_.begin());
  Probe probe;
  last_cluster_ =
      static_cast<std::uint16_t>(last_cluster_ % (rtp::TwccSender::kMaxCluster - 1) + 1);
  probe.cluster = last_cluster_;
  probe.bitrate = bitrate;
  const auto us = static_cast<std::uint64_t>(kLength.count());
  const auto bytes = static_cast<std::uint32_t>(bitrate * us / 8'000'000);
  probe.packet_size = std::clamp(bytes / kPackets, kLeastPacket, kMostPacket);
  probe.bytes = std::max(bytes, kPackets * kLeastPacket);
  probe_ = probe;
  stage_ = Stage::Sending;
  since_ = now;
  bytes_sent_ = bytes_told_ = 0;
  left_ = came_ = {};
}

const Probe* Prober::current(Time now) {
  if (probe_ && now - since_ > kGiveUp) {
    probe_.reset();
  }
  if (!probe_ && !waiting_.empty()) {
    begin(now);
  }
  return probe_ && stage_ == Stage::Sending ? &*probe_ : nullptr;
}

void Prober::sent(std::size_t bytes, Time now) {
  if (!probe_ || stage_ != Stage::Sending) {
    return;
  }
  bytes_sent_ += bytes;
  if (bytes_sent_ >= probe_->bytes) {
    stage_ = Stage::Sent;
    since_ = now;
  }
}

void Prober::result(const rtp::PacketResult& result) {
  if (!probe_ || result.probe_cluster != probe_->cluster || result.was_lost) {
    return;
  }
  bytes_told_ += result.size;
  if (result.received) {
    left_.add(result.sent, result.size);
    came_.add(result.arrived, result.size);
  }
}

// Between n times lie n - 1 gaps: what left last, and what came first, is not in them.
std::optional<std::uint64_t> Prober::measure() const {
  if (static_cast<double>(came_.bytes) < kEnough * static_cast<double>(bytes_sent_)) {
    return std::nullopt;
  }
  const auto out = rate(left_.bytes - left_.last_bytes, left_.last - left_.first);
  const auto in = rate(came_.bytes - came_.first_bytes, came_.last - came_.first);
  if (!out) {
    return std::nullopt;
  }
  // All in one moment: faster than a clock of 250 us can tell.
  const double received = in.value_or(*out);
  const double measured = received < kFull * *out ? kOfCapacity * received : *out;
  return static_cast<std::uint64_t>(measured);
}

std::optional<ProbeResult> Prober::take_result(Time now) {
  if (!probe_ || stage_ != Stage::Sent || bytes_told_ < bytes_sent_) {
    return std::nullopt;
  }
  const auto measured = measure();
  const std::uint64_t probed = probe_->bitrate;
  probe_.reset();
  since_ = now;
  return measured ? std::optional(ProbeResult{probed, *measured}) : std::nullopt;
}

}  // namespace cardea::peer
