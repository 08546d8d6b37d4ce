// From a negotiated pair of descriptions to what the media core is told about a peer.
#pragma once

#include <string>
#include <vector>

#include "core/peer/params.hpp"
#include "core/sdp/description.hpp"
#include "core/sdp/negotiated.hpp"

namespace cardea::session {

/// @param lines sdp::negotiated(local, remote). @param cname announced with our SSRCs.
peer::Params make_peer_params(const sdp::Description& local, const sdp::Description& remote,
                              const std::vector<sdp::NegotiatedLine>& lines, peer::DtlsRole role,
                              const std::string& cname);

}  // namespace cardea::session
