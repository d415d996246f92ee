#pragma once
#include "support/function_ref.hpp"

namespace interleave {

/// Calls `visit` for each thread of a process and of all that descend from it, with the kernel's
/// ids. False when it could not look at all of them, as when one ended meanwhile. Uses no heap: a
/// process that was forked from one with threads may find it locked for ever. Linux only; on other
/// systems it sees nobody. Any thread.
bool for_each_thread_in_tree(long process, function_ref<void(long process, long thread)> visit);

}  // namespace interleave
