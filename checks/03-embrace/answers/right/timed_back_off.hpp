// right: Waits for the second lock for a moment only; then lets go of the first and begins at the
// other end.
#pragma once

#include <chrono>
#include <mutex>
#include <utility>

namespace lesson {

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        std::lock_guard lock(mutex_);
        return cents_;
    }

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    friend class both;
    mutable std::timed_mutex mutex_;
    long cents_;  // guarded by mutex_
};

// The locks of two different accounts, while it lives.
class both {
  public:
    both(const account& one, const account& other)
        : first_(one.mutex_), second_(other.mutex_, std::defer_lock) {
        auto patience = std::chrono::microseconds(50);
        while (!second_.try_lock_for(patience)) {
            first_.unlock();
            std::swap(first_, second_);
            first_.lock();
            if (patience < std::chrono::milliseconds(20)) patience *= 2;
        }
    }

  private:
    std::unique_lock<std::timed_mutex> first_;
    std::unique_lock<std::timed_mutex> second_;
};

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.balance() >= cents;
    const both locked(from, to);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    const both locked(left, right);
    return left.cents_ + right.cents_;
}

}  // namespace lesson
