#include <atomic>
#include <memory>
#include <thread>

struct slot {
    std::atomic<int> ready{0};
    int data = 0;
};

int main() {
    auto shared = std::make_unique<slot>();
    std::thread writer([&] { shared->ready.store(1, std::memory_order_relaxed); });
    std::thread wiper([&] { new (shared.get()) slot; });
    writer.join();
    wiper.join();
}
