// wrong: wrong-result: total() looks again when money has moved meanwhile, and takes the tenth
// look for right.
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
    struct look {
        long cents;
        unsigned version;
    };
    look look_at() const {
        std::lock_guard lock(mutex_);
        return {cents_, version_};
    }

    mutable std::mutex mutex_;
    long cents_;            // guarded by mutex_
    unsigned version_ = 0;  // guarded by mutex_
};

inline bool transfer(account& from, account& to, long cents) {
    if (&from == &to) return from.balance() >= cents;
    std::scoped_lock both(from.mutex_, to.mutex_);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    ++from.version_;
    ++to.version_;
    return true;
}

inline long total(const account& left, const account& right) {
    long both = 0;
    for (int looks = 0; looks < 10; ++looks) {
        const auto first = left.look_at();
        both = first.cents + right.look_at().cents;
        if (left.look_at().version == first.version) break;
    }
    return both;
}

}  // namespace lesson
