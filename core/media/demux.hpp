// Which peer a datagram on the shared port is for: STUN by the ufrag in it, the rest by the path
// that it came by.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/bytes.hpp"
#include "core/base/path.hpp"
#include "core/base/time.hpp"

namespace cardea::media {

struct PeerEntry;

/// Borrows the entries. One thread.
class Demux {
 public:
  // Chromium checks every 2.5 s; an address silent for longer may be another client's by now.
  static constexpr Duration kClaim = std::chrono::seconds(10);

  /// Null when nobody is meant.
  [[nodiscard]] PeerEntry* find(Bytes datagram, const Path& from) const;
  /// Whose path it is; null when it is nobody's.
  [[nodiscard]] PeerEntry* owner(const Path& path) const;

  /// False when the ufrag is another peer's.
  bool add_ufrag(const std::string& ufrag, PeerEntry& peer);
  void remove_ufrag(const std::string& ufrag, const PeerEntry& peer);

  /// An authenticated check of `peer` came from `from`. False when another peer was checked from
  /// there within kClaim: an authenticated client must not take another's address by a forged
  /// source.
  bool claim(const Path& from, PeerEntry& peer, Time now);
  void release(const Path& from, const PeerEntry& peer);

  [[nodiscard]] std::size_t paths() const { return by_path_.size(); }
  [[nodiscard]] std::size_t ufrags() const { return by_ufrag_.size(); }

 private:
  struct Claim {
    PeerEntry* peer = nullptr;
    Time checked;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  std::unordered_map<Path, Claim, PathHash> by_path_;
  std::unordered_map<std::string, PeerEntry*, TextHash, std::equal_to<>> by_ufrag_;
};

}  // namespace cardea::media
