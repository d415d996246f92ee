// wrong: deadlock: Orders the locks by a number of eight bits, which the 257th account shares with
// the first.
#pragma once

#include <atomic>
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
    static inline std::atomic<unsigned char> next_number_ = 0;
    const unsigned char number_ = next_number_++;
};

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.balance() >= cents;
    const bool in_order = from.number_ <= to.number_;
    std::lock_guard low_lock((in_order ? from : to).mutex_);
    std::lock_guard high_lock((in_order ? to : from).mutex_);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    const bool in_order = left.number_ <= right.number_;
    std::lock_guard low_lock((in_order ? left : right).mutex_);
    std::lock_guard high_lock((in_order ? right : left).mutex_);
    return left.cents_ + right.cents_;
}

}  // namespace lesson
