// Offer/answer rules (RFC 3264, RFC 8829) as pure functions: the answer that we give, the offer
// that we make.
#pragma once

#include <span>

#include <cardea/sdk/result.hpp>

#include "core/sdp/description.hpp"
#include "core/sdp/line_plan.hpp"

namespace cardea::sdp {

/// Answers `offer`, one plan per m-line in order; m-lines beyond the plans are rejected. An m-line
/// is also rejected (port 0) when no codec of its plan was offered, or it lies outside the offer's
/// bundle. The first codec of the plan that fits wins; payload type numbers and extension ids are
/// the offerer's. Feedback: nack, nack pli, ccm fir and goog-remb where offered; transport-cc where
/// it was offered with its header extension and the plan has that. An application line (data
/// channels) is accepted when its plan is Application and not rejected.
/// @returns an error when nothing can be negotiated at all: more plans than m-lines, or a plan of
/// another kind than its line.
Result<Description> make_answer(const Description& offer, std::span<const LinePlan> plans,
                                const LocalTransport& transport);

/// Our offer. Mids come from the plans (must be set and distinct), in order; a plan with `reject`
/// keeps its place with port 0.
/// @param previous the last local description of this connection, null at first: payload type
/// numbers and extension ids of mids that it has are kept.
Description make_offer(std::span<const LinePlan> plans, const LocalTransport& transport,
                       const Description* previous);

}  // namespace cardea::sdp
