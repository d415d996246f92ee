// right: A lock of its own making, that serves in the order of the tickets drawn.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

namespace lesson {

class ticket_lock {
  public:
    void lock() {
        const unsigned mine = next_.fetch_add(1, std::memory_order_relaxed);
        // Pairs with the release in unlock().
        while (served_.load(std::memory_order_acquire) != mine) std::this_thread::yield();
    }
    void unlock() {
        const unsigned next = served_.load(std::memory_order_relaxed) + 1;
        served_.store(next, std::memory_order_release);
    }

  private:
    std::atomic<unsigned> next_ = 0;
    std::atomic<unsigned> served_ = 0;
};

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        std::lock_guard lock(mutex_);
        return cents_;
    }

    void deposit(long cents) {
        std::lock_guard lock(mutex_);
        cents_ += cents;
    }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        std::lock_guard lock(mutex_);
        if (cents_ < cents) return false;
        cents_ -= cents;
        return true;
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    bool transfer(account& to, long cents) {
        if (!withdraw(cents)) return false;
        to.deposit(cents);
        return true;
    }

  private:
    mutable ticket_lock mutex_;
    long cents_;  // guarded by mutex_
};

}  // namespace lesson
