// Unguessable numbers and names from the kernel (getrandom). Not for protocol code under virtual
// time: there the caller passes such values in.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/bytes.hpp"

namespace cardea {

/// [any] Fills `out` from getrandom(2).
void random_bytes(MutableBytes out);

/// [any] Uniform in 1 .. 2^53-1: exact as a JavaScript number, never zero.
std::uint64_t random_id();

/// [any] `length` characters of A-Z a-z 0-9 + / (6 bits each): the ice-char set of RFC 8839 5.4.
std::string random_text(std::size_t length);

}  // namespace cardea
