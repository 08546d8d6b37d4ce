// Two tables, filled by negotiation and by authenticated checks.
#include "core/media/demux.hpp"

#include "core/peer/classify.hpp"

namespace cardea::media {

PeerEntry* Demux::find(Bytes datagram, const Address& from) const {
  if (peer::classify(datagram) == peer::Protocol::Stun) {
    const auto found = by_ufrag_.find(peer::stun_ufrag(datagram));
    return found == by_ufrag_.end() ? nullptr : found->second;
  }
  const auto found = by_address_.find(from);
  return found == by_address_.end() ? nullptr : found->second.peer;
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

bool Demux::claim(const Address& from, PeerEntry& peer, Time now) {
  Claim& claim = by_address_[from];
  if (claim.peer != nullptr && claim.peer != &peer && now < claim.checked + kClaim) {
    return false;
  }
  claim = {&peer, now};
  return true;
}

void Demux::release(const Address& from, const PeerEntry& peer) {
  const auto found = by_address_.find(from);
  if (found != by_address_.end() && found->second.peer == &peer) {
    by_address_.erase(found);
  }
}

}  // namespace cardea::media
