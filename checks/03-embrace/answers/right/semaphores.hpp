// right: A binary semaphore each, taken in the order of the addresses.
#pragma once

#include <semaphore>

namespace lesson {

class holding {
  public:
    explicit holding(std::binary_semaphore& what) : what_(what) { what_.acquire(); }
    holding(const holding&) = delete;
    ~holding() { what_.release(); }

  private:
    std::binary_semaphore& what_;
};

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        const holding now(free_);
        return cents_;
    }

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    mutable std::binary_semaphore free_{1};
    long cents_;  // guarded by free_
};

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.balance() >= cents;
    const bool first = &from < &to;
    const holding low(first ? from.free_ : to.free_);
    const holding high(first ? to.free_ : from.free_);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    const bool first = &left < &right;
    const holding low(first ? left.free_ : right.free_);
    const holding high(first ? right.free_ : left.free_);
    return left.cents_ + right.cents_;
}

}  // namespace lesson
