// right: the range and the threads are divided in two again and again, and the halves run side by
// side.
#pragma once

#include <functional>
#include <future>

namespace lesson {

inline long sum_range(long first, long last, int threads, const std::function<long(long)>& work) {
    if (threads <= 1) {
        long total = 0;
        for (long item = first; item < last; ++item) total += work(item);
        return total;
    }
    const int half = threads / 2;
    const long middle = first + (last - first) * half / threads;
    auto left = std::async(std::launch::async, sum_range, first, middle, half, std::cref(work));
    const long right = sum_range(middle, last, threads - half, work);
    return left.get() + right;
}

inline long parallel_sum(long items, int threads, const std::function<long(long)>& work) {
    return sum_range(0, items, threads, work);
}

}  // namespace lesson
