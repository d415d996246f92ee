#include <memory>
#include <thread>

struct job {
    int state = 0;
    bool done = false;
};

void finish(job* task) {
    task->done = true;
}

bool poll(const job* task) {
    return task->done;
}

int main() {
    auto task = std::make_unique<job>();
    bool seen = false;
    std::thread worker(finish, task.get());
    std::thread observer([&] { seen = poll(task.get()); });
    worker.join();
    observer.join();
    return seen ? 0 : 0;
}
