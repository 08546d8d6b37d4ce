// The one look into STUN that the layer above needs.
#include "core/peer/classify.hpp"

#include "core/ice/stun_message.hpp"

namespace cardea::peer {

std::string_view stun_ufrag(Bytes datagram) { return ice::username_ufrag(datagram); }

}  // namespace cardea::peer
