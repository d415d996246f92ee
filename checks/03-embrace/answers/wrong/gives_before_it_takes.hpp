// wrong: wrong-result: Credits first and takes back when the giver cannot pay: money is seen twice.
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
    {
        std::lock_guard lock(to.mutex_);
        to.cents_ += cents;
    }
    {
        std::lock_guard lock(from.mutex_);
        if (from.cents_ - (&from == &to ? cents : 0) >= cents) {
            from.cents_ -= cents;
            return true;
        }
    }
    std::lock_guard lock(to.mutex_);
    to.cents_ -= cents;
    return false;
}

inline long total(const account& left, const account& right) {
    std::scoped_lock both(left.mutex_, right.mutex_);
    return left.cents_ + right.cents_;
}

}  // namespace lesson
