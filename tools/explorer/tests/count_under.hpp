#pragma once

#include "in_parallel.hpp"
#include "interleave/explore.hpp"

/// Two threads count under a lock that is made of something else.
template <class Lock>
void count_under() {
    Lock guard;
    int count = 0;
    on_threads(2, [&](int) {
        for (int i = 0; i < 3; ++i) {
            guard.lock();
            ++count;
            guard.unlock();
        }
    });
    EXPECT(count == 6);
}
