// Explores a whole program: compile its sources with -fsanitize=thread -Dmain=interleave_main and
// link them with this main, which runs the program's own as the body. C and C++ alike.

#include <cstdio>

#include "interleave/explore.hpp"

extern "C" int interleave_main(int argc, char** argv);

int main(int argc, char** argv) {
    try {
        interleave::options how;
        how.leaks = false;  // what a program leaves at its end, the system takes back
        const auto found =
            interleave::explore([&] { static_cast<void>(interleave_main(argc, argv)); }, how);
        std::fputs(found.report().c_str(), stdout);
        return found.ok() ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
