#include <thread>
#include <vector>

long sum(const std::vector<long>& numbers) {
    long total = 0;
    const std::size_t half = numbers.size() / 2;
    std::thread lower([&] {
        for (std::size_t i = 0; i < half; ++i) total += numbers[i];
    });
    std::thread upper([&] {
        for (std::size_t i = half; i < numbers.size(); ++i) total += numbers[i];
    });
    lower.join();
    upper.join();
    return total;
}

int main() {
    return sum(std::vector<long>(8, 1)) > 8;
}
