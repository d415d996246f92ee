// A thread with a locale of its own keeps it in its thread-local block.

#include <locale.h>

#include "fiber.hpp"
#include "real.hpp"

using namespace interleave::detail;

extern "C" locale_t uselocale(locale_t wanted) noexcept {
    if (rt.active && wanted) need_thread_pointers();
    return real().uselocale(wanted);
}
