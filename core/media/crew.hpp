// What the workers of one port share: who has which ICE credentials, and a mailbox of each for what
// the kernel gave to another.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/mailbox.hpp"
#include "core/base/path.hpp"
#include "core/metrics/metrics.hpp"
#include "core/net/framed_connection.hpp"

namespace cardea::media {

/// Datagrams laid end to end, so that a batch costs one allocation and one message.
struct DatagramBatch {
  struct Piece {
    Path from;
    std::uint32_t size = 0;
  };
  std::vector<std::uint8_t> bytes;
  std::vector<Piece> pieces;

  void add(const Path& from, Bytes datagram) {
    bytes.insert(bytes.end(), datagram.begin(), datagram.end());
    pieces.push_back({from, static_cast<std::uint32_t>(datagram.size())});
  }
};

/// Datagrams of peers that the receiving worker has.
struct HandOver {
  unsigned from = 0;
  DatagramBatch batch;
};
/// A TCP connection whose first checks are for a peer of the receiving worker.
struct ConnectionOver {
  std::unique_ptr<net::FramedConnection> connection;
  Address remote;
  DatagramBatch batch;
};
/// A check on this path was good: what comes by it is for `worker`.
struct PathLearnt {
  Path path;
  unsigned worker = 0;
};
struct PathForgotten {
  Path path;
  unsigned worker = 0;
};
using CrewMessage = std::variant<HandOver, ConnectionOver, PathLearnt, PathForgotten>;

/// ICE user name fragments by worker. [any]
class UfragDirectory {
 public:
  void add(const std::string& ufrag, unsigned worker);
  void remove(const std::string& ufrag, unsigned worker);
  [[nodiscard]] std::optional<unsigned> find(std::string_view ufrag) const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, unsigned, TextHash, std::equal_to<>> workers_;
};

/// Outlives its workers.
struct Crew {
  Crew(unsigned workers, metrics::Registry& metrics);

  UfragDirectory ufrags;
  /// One of each worker.
  std::vector<std::unique_ptr<Mailbox<CrewMessage>>> mailboxes;
  /// Datagrams that were handed over, and batches that a full mailbox refused.
  metrics::Counter handed_over;
  metrics::Counter full;
};

}  // namespace cardea::media
