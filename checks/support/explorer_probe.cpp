// Whether the explorer works on this machine, for `tools/interleave doctor`: it must find the lost
// update of two threads. Exit status 0 when it does.
#include <cstdio>
#include <interleave/explore.hpp>
#include <thread>

int main() {
    const interleave::result found = interleave::explore([] {
        int value = 0;
        std::thread first([&] { ++value; });
        std::thread second([&] { ++value; });
        first.join();
        second.join();
        EXPECT(value == 2);
    });
    if (found.kind == interleave::failure::wrong_result && !found.sampled) return 0;
    std::fputs(found.report().c_str(), stderr);
    return 1;
}
