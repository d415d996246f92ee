#include <cstdio>
#include <thread>

#include "../../lessons/01-lost-update/counter.hpp"

int main() {
    counter shared;
    std::thread first([&] {
        for (int i = 0; i < 100; ++i) shared.increment();
    });
    std::thread second([&] {
        for (int i = 0; i < 100; ++i) shared.increment();
    });
    first.join();
    second.join();
    std::printf("%ld\n", shared.value());
}
