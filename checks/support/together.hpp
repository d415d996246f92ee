#pragma once
#include "support/function_ref.hpp"

namespace interleave {

/// Calls `body(i)` on `threads` threads that set off together, and returns when all have returned.
/// What the calls did is ordered before the return, and nothing else orders them.
void run_together(int threads, function_ref<void(int)> body);

}  // namespace interleave
