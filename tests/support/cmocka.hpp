// CMocka for C++: the C headers that it needs, in the order that it needs them.
#pragma once

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>

extern "C" {
#include <cmocka.h>
}

// CMocka's macro of this name would hit every member function called skip.
#undef skip
