// wrong: deadlock: The accounts share 61 locks; transfer() thinks of two accounts with the same
// lock, and total() does not.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>

namespace lesson {

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        std::lock_guard lock(mutex());
        return cents_;
    }

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    std::mutex& mutex() const {
        return stripes_[reinterpret_cast<std::uintptr_t>(this) / sizeof(account) % stripes_.size()];
    }

    static inline std::array<std::mutex, 61> stripes_;
    long cents_;  // guarded by mutex()
};

inline bool transfer(account& from, account& to, long cents) {
    const auto [first, second] = std::minmax({&from.mutex(), &to.mutex()});
    std::lock_guard first_lock(*first);
    std::unique_lock<std::mutex> second_lock;
    if (second != first) second_lock = std::unique_lock(*second);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    const auto [first, second] = std::minmax({&left.mutex(), &right.mutex()});
    std::lock_guard first_lock(*first);
    std::lock_guard second_lock(*second);
    return left.cents_ + right.cents_;
}

}  // namespace lesson
