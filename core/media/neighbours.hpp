// One worker's view of the others: whose a datagram is that is nobody's here.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "core/base/time.hpp"
#include "core/media/crew.hpp"
#include "core/media/demux.hpp"
#include "core/media/shard.hpp"

namespace cardea::media {

/// One thread: the worker's.
class Neighbours {
 public:
  /// A connection that has to go to another worker, with the frames that were read of it.
  struct Move {
    Path path;
    unsigned to = 0;
    DatagramBatch batch;
  };

  Neighbours(Crew& crew, unsigned self)
      : crew_(crew), self_(self), outgoing_(crew.mailboxes.size()) {}

  [[nodiscard]] Mailbox<CrewMessage>& mailbox() { return *crew_.mailboxes[self_]; }

  /// Nobody has it here. True when another worker gets it, at the latest by flush().
  bool stray(const Datagram& datagram);
  /// At the end of each batch.
  void flush();
  /// Connections that stray() found to be others'.
  std::vector<Move> take_moves() { return std::exchange(moves_, {}); }
  void move(unsigned to, ConnectionOver over);

  /// While datagrams of another worker are handled: what becomes of their paths is told it.
  void set_origin(std::optional<unsigned> origin) { origin_ = origin; }
  /// A good check came by this path; of UDP only, as the next.
  void claimed(const Path& path);
  void released(const Path& path);
  void learn(const PathLearnt& learnt, Time now);
  void forget(const PathForgotten& forgotten);

  void ufrag_added(const std::string& ufrag) { crew_.ufrags.add(ufrag, self_); }
  void ufrag_removed(const std::string& ufrag) { crew_.ufrags.remove(ufrag, self_); }

 private:
  struct Place {
    unsigned worker = 0;
    Time learnt;
  };
  [[nodiscard]] std::optional<unsigned> owner_of(const Datagram& datagram) const;
  void move_later(const Datagram& datagram, unsigned to);

  Crew& crew_;
  unsigned self_;
  std::optional<unsigned> origin_;
  /// One for each worker.
  std::vector<DatagramBatch> outgoing_;
  std::vector<Move> moves_;
  /// Of others' peers; bounded as those paths are there.
  std::unordered_map<Path, Place, PathHash> paths_;
};

}  // namespace cardea::media
