// wrong: race: A transfer to itself moves nothing, it thinks, and reads without the lock.
#pragma once

#include <mutex>

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
    mutable std::mutex mutex_;
    long cents_;  // guarded by mutex_
};

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.cents_ >= cents;
    std::scoped_lock both(from.mutex_, to.mutex_);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    std::scoped_lock both(left.mutex_, right.mutex_);
    return left.cents_ + right.cents_;
}

}  // namespace lesson
