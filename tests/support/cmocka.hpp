// CMocka for C++: the C headers that it needs, in the order that it needs them.
#pragma once

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>

extern "C" {
#include <cmocka.h>
}

// CMocka's macros skip and fail would hit every member function of these names.
#undef skip
#undef fail
