// Numbers that differ from run to run would make executions differ: the generators of the C library
// start afresh in each execution, and the sources of true randomness are generators here.

#include <sys/random.h>

#include <cstdlib>
#include <random>

#include "real.hpp"
#include "runtime.hpp"

using namespace interleave::detail;

namespace {

// Not kept over executions, hence set back like the program's own variables.
struct generator {
    random_data state;
    char buffer[128];  // the size of the C library's own: the same numbers
    bool begun;
};
generator numbers;
std::uint64_t noise;

void begin(unsigned seed) {
    numbers = {};
    initstate_r(seed, numbers.buffer, sizeof numbers.buffer, &numbers.state);
    numbers.begun = true;
}
int next_number() {
    if (!numbers.begun) begin(1);
    int value = 0;
    random_r(&numbers.state, &value);
    return value;
}
std::uint64_t next_noise() {
    noise += 0x9E3779B97F4A7C15ull;
    std::uint64_t x = noise;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ x >> 27) * 0x94D049BB133111EBull;
    return x ^ x >> 31;
}

}  // namespace

extern "C" {

int rand() noexcept {
    return rt.active ? next_number() : real().rand();
}
long random() noexcept {
    return rt.active ? next_number() : real().random();
}
void srand(unsigned seed) noexcept {
    rt.active ? begin(seed) : real().srand(seed);
}
void srandom(unsigned seed) noexcept {
    rt.active ? begin(seed) : real().srandom(seed);
}
ssize_t getrandom(void* bytes, std::size_t size, unsigned flags) {
    if (!rt.active) return real().getrandom(bytes, size, flags);
    for (std::size_t i = 0; i < size; ++i)
        static_cast<char*>(bytes)[i] = static_cast<char>(next_noise());
    return static_cast<ssize_t>(size);
}

}  // extern "C"

// Of libstdc++.so, found here first.
std::random_device::result_type std::random_device::_M_getval() {
    if (rt.active) return static_cast<result_type>(next_noise());
    result_type value = 0;
    static_cast<void>(!real().getrandom(&value, sizeof value, 0));
    return value;
}
