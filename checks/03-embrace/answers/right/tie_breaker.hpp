// right: Orders the locks by a rank that may be equal, and then takes a third mutex before the two.
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
    friend class both;
    static inline std::atomic<unsigned> next_rank_ = 0;
    const unsigned rank_ = next_rank_++ % 2;  // many accounts share one
    mutable std::mutex mutex_;
    long cents_;  // guarded by mutex_
};

// The locks of two different accounts, while it lives.
class both {
  public:
    both(const account& one, const account& other) {
        // Who holds a lock waits for a higher rank only, or has the tie: so no circle can close.
        if (one.rank_ == other.rank_) tie_ = std::unique_lock(tie_breaker_);
        const bool in_order = one.rank_ <= other.rank_;
        first_ = std::unique_lock((in_order ? one : other).mutex_);
        second_ = std::unique_lock((in_order ? other : one).mutex_);
    }

  private:
    static inline std::mutex tie_breaker_;
    std::unique_lock<std::mutex> tie_;
    std::unique_lock<std::mutex> first_;
    std::unique_lock<std::mutex> second_;
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
