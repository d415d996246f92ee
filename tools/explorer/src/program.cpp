// Explores a whole program, in C or C++: its main() is the body, and its end is the end of all
// threads.

#include "program.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "interleave/explore.hpp"

extern "C" {
// The program's main(), under the one name or the other.
int __real_main(int argc, char** argv) __attribute__((weak));
int interleave_main(int argc, char** argv) __attribute__((weak));
}

namespace interleave::detail {
namespace {

constexpr long most_steps = 100'000;  // a program does more than a scenario

void run_main(int argc, char** argv) {
    if (__real_main) std::exit(__real_main(argc, argv));
    // Renamed, a main() without a return statement returns anything.
    static_cast<void>(interleave_main(argc, argv));
    std::exit(0);
}

}  // namespace

int explore_program(int argc, char** argv) {
    if (!__real_main && !interleave_main) {
        std::fputs(
            "There is no main() to explore: link with --wrap=main, or compile the program "
            "with -Dmain=interleave_main.\n",
            stderr);
        return 2;
    }
    try {
        options how;
        how.whole_program = true;
        how.leaks = false;  // what a program leaves at its end, the system takes back
        how.max_steps = most_steps;
        const result found = explore([&] { run_main(argc, argv); }, how);
        if (!std::getenv("INTERLEAVE_RESULTS")) std::fputs(found.report().c_str(), stdout);
        return found.ok() ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}

}  // namespace interleave::detail
