// wrong: wrong-result: A lock for each pair of accounts, and an account is in many pairs.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

namespace lesson {

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const { return cents_; }

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    static std::mutex& of_pair(const account& one, const account& other) {
        const auto mixed =
            reinterpret_cast<std::uintptr_t>(&one) ^ reinterpret_cast<std::uintptr_t>(&other);
        return pairs_[mixed / sizeof(account) % pairs_.size()];
    }

    static inline std::array<std::mutex, 61> pairs_;
    std::atomic<long> cents_;
};

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.balance() >= cents;
    std::lock_guard lock(account::of_pair(from, to));
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    std::lock_guard lock(account::of_pair(left, right));
    return left.cents_ + right.cents_;
}

}  // namespace lesson
