#pragma once
#include <string>
#include <utility>

#include "runner/process.hpp"

namespace interleave {

/// The test program in a mode, watched like a check.
inline command test_program(std::string mode) {
    command what;
    what.arguments = {TEST_PROGRAM, std::move(mode)};
    what.events = true;
    what.watch_blocked = true;
    return what;
}

}  // namespace interleave
