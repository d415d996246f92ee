#pragma once

// The explorer's regression corpus: small programs that it must see through, and small programs
// that it must leave in peace. A topic is one source file of them.

#include <vector>

#include "interleave/explore.hpp"

namespace corpus {

using interleave::failure;

/// One scenario, run as the body of explore().
struct program {
    const char* name;  ///< a sentence that says what the program does
    void (*body)();
    std::vector<failure> expected = {};  ///< any one of these is right; empty: nothing is wrong
    bool once_only = false;  ///< needs globals that start afresh, which real threads do not give
};

struct topic {
    const char* name;
    std::vector<program> programs;
};

}  // namespace corpus
