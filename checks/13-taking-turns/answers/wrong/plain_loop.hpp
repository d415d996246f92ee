// wrong: no-overlap: one loop on the calling thread; the other threads are never started.
#pragma once

#include <functional>

namespace lesson {

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    long total = 0;
    for (int thread = 0; thread < threads; ++thread) {
        for (long item = thread; item < items; item += threads) total += work(item);
    }
    return total;
}

}  // namespace lesson
