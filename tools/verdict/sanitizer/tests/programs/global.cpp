#include <thread>

int hits = 0;

void visit() {
    hits = hits + 1;
}

int main() {
    std::thread first(visit);
    std::thread second(visit);
    first.join();
    second.join();
    return hits > 2;
}
