// One receiver of plain RTP and what the shard knows of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/media/deadline_heap.hpp"
#include "core/media/plain_receiver.hpp"
#include "core/media/shard.hpp"

namespace cardea::media {

struct ReceiverEntry final : DeadlineHeap::Item, peer::Listener {
  ReceiverEntry(Shard& shard_in, PeerId id_in, std::uint32_t epoch_in)
      : shard(shard_in), id(id_in), epoch(epoch_in) {}

  // It has no path and no sinks, and lives until it is removed.
  bool path_checked(const Path& /*from*/) override { return true; }
  void path_dropped(const Path& /*from*/) override {}
  void connected() override {}
  void ended(std::string_view /*reason*/) override {}
  void application_data(std::vector<std::vector<std::uint8_t>> /*packets*/) override {}
  void keyframe_wanted(std::uint32_t /*line*/) override {}
  void keyframe_needed(std::uint32_t line, std::uint8_t layer) override {
    shard.router_.layer_needs_keyframe(*member, line, layer, shard.now_);
  }
  void media_flow(std::uint32_t line, bool receiving) override {
    shard.notices_.push_back({id, epoch, MediaFlow{line, receiving}});
  }
  void slow_link(std::uint32_t line, bool uplink, std::uint32_t lost) override {
    shard.notices_.push_back({id, epoch, SlowLink{line, uplink, lost}});
  }

  Shard& shard;
  PeerId id;
  std::uint32_t epoch;
  std::unique_ptr<PlainReceiver> receiver;
  Router::Member* member = nullptr;
};

}  // namespace cardea::media
