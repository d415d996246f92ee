#include <chrono>
#include <thread>

int answer = 0;

void compute() {
    answer = 42;
}

int main() {
    std::thread worker(compute);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const int result = answer;
    worker.join();
    return result > 42;
}
