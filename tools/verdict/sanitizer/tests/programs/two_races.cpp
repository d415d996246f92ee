#include <thread>

long total = 0;
long scratch[4096];

void early() {
    total = 1;
}

void busy() {
    early();
    for (int round = 0; round < 400; ++round) {
        for (long& cell : scratch) cell += round;
    }
}

int main() {
    std::thread worker(busy);
    while (__atomic_load_n(&scratch[4095], __ATOMIC_RELAXED) < 79800) {
    }
    total = 2;
    worker.join();
}
