// right: A shared_mutex each, taken in the order of the addresses; total() only shares them.
#pragma once

#include <mutex>
#include <shared_mutex>

namespace lesson {

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        std::shared_lock lock(mutex_);
        return cents_;
    }

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    mutable std::shared_mutex mutex_;
    long cents_;  // guarded by mutex_
};

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.balance() >= cents;
    const bool first = &from < &to;
    std::unique_lock low(first ? from.mutex_ : to.mutex_);
    std::unique_lock high(first ? to.mutex_ : from.mutex_);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    const bool first = &left < &right;
    std::shared_lock low(first ? left.mutex_ : right.mutex_);
    std::shared_lock high(first ? right.mutex_ : left.mutex_);
    return left.cents_ + right.cents_;
}

}  // namespace lesson
