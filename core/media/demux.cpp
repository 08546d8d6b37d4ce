// Two tables, filled by negotiation and by authenticated checks.
#include "core/media/demux.hpp"

#include "core/peer/classify.hpp"

namespace cardea::media {

PeerEntry* Demux::find(Bytes datagram, const Path& from) const {
  if (peer::classify(datagram) == peer::Protocol::Stun) {
    const auto found = by_ufrag_.find(peer::stun_ufrag(datagram));
    return found == by_ufrag_.end() ? nullptr : found->second;
  }
  return owner(from);
}

PeerEntry* Demux::owner(const Path& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second.peer;
}

bool Demux::add_ufrag(const std::string& ufrag, PeerEntry& peer) {
  const auto [at, added] = by_ufrag_.try_emplace(ufrag, &peer);
  return added || at->second == &peer;
}

void Demux::remove_ufrag(const std::string& ufrag, const PeerEntry& peer) {
  const auto found = by_ufrag_.find(ufrag);
  if (found != by_ufrag_.end() && found->second == &peer) {
    by_ufrag_.erase(found);
  }
}

bool Demux::claim(const Path& from, PeerEntry& peer, Time now) {
  Claim& claim = by_path_[from];
  if (claim.peer != nullptr && claim.peer != &peer && now < claim.checked + kClaim) {
    return false;
  }
  claim = {&peer, now};
  return true;
}

void Demux::release(const Path& from, const PeerEntry& peer) {
  const auto found = by_path_.find(from);
  if (found != by_path_.end() && found->second.peer == &peer) {
    by_path_.erase(found);
  }
}

}  // namespace cardea::media
