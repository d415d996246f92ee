#include <mutex>
#include <thread>

int main() {
    std::mutex guard;
    int hits = 0;
    const auto visit = [&] {
        const std::scoped_lock lock(guard);
        ++hits;
    };
    std::thread first(visit);
    std::thread second(visit);
    first.join();
    second.join();
    return hits == 2 ? 0 : 1;
}
