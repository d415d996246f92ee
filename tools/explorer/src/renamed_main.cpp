// The main() of a program whose own one is compiled under another name, with
// -Dmain=interleave_main.

#include "program.hpp"

int main(int argc, char** argv) {
    return interleave::detail::explore_program(argc, argv);
}
