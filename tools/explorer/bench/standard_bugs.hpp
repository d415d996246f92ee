#pragma once

#include <vector>

#include "../tests/corpus.hpp"

namespace bench {

/// The textbook's bugs, taken from the corpus.
std::vector<corpus::program> standard_bugs();

}  // namespace bench
