#pragma once
// Broken on purpose, each in its own way: what the tests of the runner run as "the answer".

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <thread>

namespace stuck {

struct account {
    std::mutex mutex;
    long balance = 100;
};

/// Locks `from` first: two transfers in opposite directions wait for each other.
template <typename Meet>
[[gnu::noinline]] void transfer(account& from, account& to, Meet both_hold_one) {
    std::lock_guard first(from.mutex);
    both_hold_one();
    std::lock_guard second(to.mutex);
    --from.balance;
    ++to.balance;
}

[[gnu::noinline]] inline void lock_twice(std::mutex& mutex) {
    std::unique_lock outer(mutex);
    std::unique_lock inner(mutex);
}

class sleeper {
  public:
    [[gnu::noinline]] void wait_for_ever() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock);
    }
    [[gnu::noinline]] void wait_with_predicate() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ready_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ready_ = false;
};

[[gnu::noinline]] inline void spin(const std::atomic<bool>& stop) {
    while (!stop.load()) {
    }
}

[[gnu::noinline]] inline int read_through(const int* pointer) {
    // The crash is wanted. NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    return *pointer + 1;
}

[[gnu::noinline]] inline void throw_unseen() {
    throw std::runtime_error("the queue is closed");
}

[[gnu::noinline]] inline void forget_to_join() {
    std::thread forgotten([] {});
}

}  // namespace stuck
