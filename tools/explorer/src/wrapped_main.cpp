// What the linker takes for main() with --wrap=main.

#include "program.hpp"

extern "C" int __wrap_main(int argc, char** argv) {
    return interleave::detail::explore_program(argc, argv);
}
