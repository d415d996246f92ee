#include <thread>
#include <vector>

std::vector<int> results;

void keep(int value) {
    results.push_back(value);
}

int main() {
    std::thread first(keep, 1);
    std::thread second(keep, 2);
    first.join();
    second.join();
    return results.size() > 2;
}
