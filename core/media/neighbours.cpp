#include "core/media/neighbours.hpp"

#include <algorithm>
#include <utility>

#include "core/peer/classify.hpp"

namespace cardea::media {

std::optional<unsigned> Neighbours::owner_of(const Datagram& datagram) const {
  const MutableBytes bytes = datagram.bytes();
  if (peer::classify(bytes) == peer::Protocol::Stun) {
    return crew_.ufrags.find(peer::stun_ufrag(bytes));
  }
  const auto found = paths_.find(datagram.from);
  return found == paths_.end() ? std::nullopt : std::optional(found->second.worker);
}

bool Neighbours::stray(const Datagram& datagram) {
  // What was handed over is not handed on.
  const auto owner = origin_ ? std::nullopt : owner_of(datagram);
  if (!owner || *owner == self_) {
    return false;
  }
  if (datagram.from.is_stream()) {
    move_later(datagram, *owner);
  } else {
    outgoing_[*owner].add(datagram.from, datagram.bytes());
  }
  return true;
}

void Neighbours::move_later(const Datagram& datagram, unsigned to) {
  auto found = std::find_if(moves_.begin(), moves_.end(),
                            [&](const Move& move) { return move.path == datagram.from; });
  if (found == moves_.end()) {
    found = moves_.insert(found, Move{datagram.from, to, {}});
  }
  found->batch.add(datagram.from, datagram.bytes());
}

void Neighbours::flush() {
  for (unsigned to = 0; to < outgoing_.size(); ++to) {
    DatagramBatch& batch = outgoing_[to];
    if (batch.pieces.empty()) {
      continue;
    }
    const std::size_t count = batch.pieces.size();
    if (crew_.mailboxes[to]->post(HandOver{self_, std::exchange(batch, {})})) {
      crew_.handed_over.add(count);
    } else {
      crew_.full.add();
    }
  }
}

void Neighbours::move(unsigned to, ConnectionOver over) {
  // A refused one is closed by its end; the client connects again.
  if (!crew_.mailboxes[to]->post(std::move(over))) {
    crew_.full.add();
  }
}

void Neighbours::claimed(const Path& path) {
  if (origin_) {
    static_cast<void>(crew_.mailboxes[*origin_]->post(PathLearnt{path, self_}, true));
  }
}

void Neighbours::released(const Path& path) {
  for (unsigned other = 0; other < outgoing_.size(); ++other) {
    if (other != self_) {
      static_cast<void>(crew_.mailboxes[other]->post(PathForgotten{path, self_}, true));
    }
  }
}

void Neighbours::learn(const PathLearnt& learnt, Time now) {
  const auto [at, added] = paths_.try_emplace(learnt.path, Place{learnt.worker, now});
  Place& place = at->second;
  // As within one worker: nobody takes a path that another's checks keep (see Demux::claim()).
  if (added || place.worker == learnt.worker || now >= place.learnt + Demux::kClaim) {
    place = {learnt.worker, now};
  }
}

void Neighbours::forget(const PathForgotten& forgotten) {
  const auto found = paths_.find(forgotten.path);
  if (found != paths_.end() && found->second.worker == forgotten.worker) {
    paths_.erase(found);
  }
}

}  // namespace cardea::media
