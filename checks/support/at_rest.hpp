#pragma once
#include <functional>

namespace interleave {

/// Sees when nobody does anything any more: every thread of this process but the caller's, and
/// every process that descends from it, sleeps in the kernel. Then what has not been started will
/// not be. No clock decides, so whoever waits for a processor is waited for. Linux only.
struct at_rest {
    /// Returns once `enough` holds, or when it never will: nobody has done anything for as many
    /// looks as an answer that sleeps may take to look again by itself.
    static void wait_for(const std::function<bool()>& enough);

    /// Returns when nobody does anything, or when somebody goes on and on: spins, or sleeps and
    /// looks again by itself.
    static void wait();
};

}  // namespace interleave
