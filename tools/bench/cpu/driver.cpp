// One run of the CPU work: `driver loop|answer ITEMS THREADS` prints the sum and the seconds.
// Compiled once with the starter of lesson 13 and once with its solution as parallel_sum.hpp.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "parallel_sum.hpp"

namespace {

/// Steps of the Collatz sequence from a number that the item picks. cpu_work.py has the same.
long collatz_steps(long item) {
    std::uint64_t number = static_cast<std::uint64_t>(item) * 2'654'435'761u % 1'000'003 + 1;
    long steps = 0;
    for (; number != 1; ++steps) number = number % 2 == 0 ? number / 2 : 3 * number + 1;
    return steps;
}

long plain_loop(long items) {
    long total = 0;
    for (long item = 0; item < items; ++item) total += collatz_steps(item);
    return total;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: driver loop|answer ITEMS THREADS\n");
        return 2;
    }
    const bool answer = std::string_view(argv[1]) == "answer";
    const long items = std::atol(argv[2]);
    const int threads = std::atoi(argv[3]);
    const auto start = std::chrono::steady_clock::now();
    const long total =
        answer ? lesson::parallel_sum(items, threads, collatz_steps) : plain_loop(items);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    std::printf("%ld %.6f\n", total, taken.count());
}
