// wrong: wrong-result: Takes two equal looks for one moment, though money may have gone there and
// back between.
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
    if (&from == &to) return from.balance() >= cents;
    std::scoped_lock both(from.mutex_, to.mutex_);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    for (;;) {
        const long left_before = left.balance();
        const long right_before = right.balance();
        if (left.balance() == left_before && right.balance() == right_before) {
            return left_before + right_before;
        }
    }
}

}  // namespace lesson
