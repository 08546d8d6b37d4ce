// The file that a peer's packets are dumped to: pcap, or text for text2pcap.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>

#include <cardea/sdk/result.hpp>

#include "core/log/log.hpp"
#include "core/media/engine.hpp"

namespace cardea::media {

/// What it observes comes from a PeerDump. Ends at kMaxBytes, and when the disk is full: media is
/// not touched by that.
class DumpFile final : public Observer {
 public:
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30;

  /// [control] Makes the file, over an older one of that name.
  static Result<std::shared_ptr<DumpFile>> open(const DumpSettings& settings, log::Logger log);

  void packets(std::span<const ObservedPacket> packets, std::uint64_t lost) override;
  void ended() override { file_.reset(); }

 private:
  struct Close {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };

  DumpFile(const DumpSettings& settings, log::Logger log);
  [[nodiscard]] bool write(const ObservedPacket& packet);
  [[nodiscard]] bool write_pcap(bool incoming, Bytes packet, Duration at, Bytes kept);
  [[nodiscard]] bool write_text(bool incoming, Duration at, Bytes kept);
  [[nodiscard]] bool put(Bytes bytes);

  DumpSettings settings_;
  log::Logger log_;
  Duration wall_offset_{};  ///< from monotonic to wall clock time
  std::uint64_t written_ = 0;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace cardea::media
