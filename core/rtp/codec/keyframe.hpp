// One front door: does this payload begin a key frame?
#pragma once

#include "core/base/bytes.hpp"
#include "core/rtp/codec/codec.hpp"

namespace cardea::rtp {

/// True when a decoder can start with this packet (it holds the beginning of a key frame, or its
/// parameter sets). Audio: always. False for an empty or malformed payload and for codecs that we
/// cannot read.
/// @param payload RTP payload without padding, not end-to-end encrypted.
bool is_keyframe(Codec codec, Bytes payload);

}  // namespace cardea::rtp
