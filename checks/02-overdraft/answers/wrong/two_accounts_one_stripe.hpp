// wrong: deadlock: The accounts share 61 locks, and two accounts of a transfer may have the same
// one.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>

namespace lesson {

/// Money of one owner, in cents, never less than nothing. Any thread may call anything here, on any
/// accounts. No amount is negative.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        std::lock_guard lock(mutex());
        return cents_;
    }

    void deposit(long cents) {
        std::lock_guard lock(mutex());
        cents_ += cents;
    }

    /// Pays `cents` out. Returns false, and pays nothing, when there is less.
    bool withdraw(long cents) {
        std::lock_guard lock(mutex());
        if (cents_ < cents) return false;
        cents_ -= cents;
        return true;
    }

    /// Moves `cents` to an account, which may be the same one. Returns false, and moves nothing,
    /// when there is less. In between, the money may be on neither account.
    bool transfer(account& to, long cents) {
        if (&to == this) return balance() >= cents;
        const auto [first, second] = std::minmax({&mutex(), &to.mutex()});
        std::lock_guard first_lock(*first);
        std::lock_guard second_lock(*second);
        if (cents_ < cents) return false;
        cents_ -= cents;
        to.cents_ += cents;
        return true;
    }

  private:
    std::mutex& mutex() const {
        return stripes_[reinterpret_cast<std::uintptr_t>(this) / sizeof(account) % stripes_.size()];
    }

    static inline std::array<std::mutex, 61> stripes_;
    long cents_;  // guarded by mutex()
};

}  // namespace lesson
