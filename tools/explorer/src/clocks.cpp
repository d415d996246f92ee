#include "clocks.hpp"

namespace interleave::detail {
namespace {
INTERLEAVE_KEEP fixed_vector<std::uint32_t> pool;
}

std::uint32_t* new_clock() {
    pool.reserve(std::size_t{1} << 26);
    std::uint32_t* clock = pool.end();
    if (pool.size() + rt.stride > (std::size_t{1} << 26))
        fail(failure::resource_limit,
             "The execution has more synchronization than the explorer can record. Let the "
             "scenario do less.");
    pool.shrink(pool.size() + rt.stride);
    zero_clock(clock);
    return clock;
}

void clocks_restart() noexcept {
    pool.clear();
}

}  // namespace interleave::detail
