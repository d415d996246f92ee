#include <mutex>
#include <thread>

std::mutex left;
std::mutex right;

void left_first() {
    left.lock();
    right.lock();
    right.unlock();
    left.unlock();
}

void right_first() {
    right.lock();
    left.lock();
    left.unlock();
    right.unlock();
}

int main() {
    std::thread first(left_first);
    first.join();
    std::thread second(right_first);
    second.join();
}
