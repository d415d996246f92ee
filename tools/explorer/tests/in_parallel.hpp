#pragma once

#include <thread>
#include <vector>

/// Runs each piece of work on a thread of its own and joins them all.
template <class... Work>
void in_parallel(const Work&... work) {
    std::thread threads[] = {std::thread([&work] { work(); })...};
    for (std::thread& thread : threads) thread.join();
}

/// Runs work(0), work(1), ... on `count` threads and joins them all.
template <class Work>
void on_threads(int count, const Work& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : threads) thread.join();
}
