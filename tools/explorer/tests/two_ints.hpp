#pragma once

#include <cstdint>
#include <cstring>

/// Two variables in the same eight bytes.
struct alignas(8) two_ints {
    std::int32_t lower = 0, upper = 0;
};

// Both at once, by what every compiler instruments.
inline std::uint64_t both_of(const two_ints& ints) {
    std::uint64_t both;
    std::memcpy(&both, &ints, sizeof both);
    return both;
}
inline void set_both(two_ints& ints, std::uint64_t both) {
    std::memcpy(static_cast<void*>(&ints), &both, sizeof both);
}
