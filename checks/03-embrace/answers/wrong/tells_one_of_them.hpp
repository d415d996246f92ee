// wrong: lost-wakeup: Tells one of those who wait, and who only looks does not pass it on.
#pragma once

#include <condition_variable>
#include <mutex>

namespace lesson {

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const {
        std::unique_lock lock(bank_);
        changed_.wait(lock, [this] { return !busy_; });
        return cents_;
    }

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    static inline std::mutex bank_;
    static inline std::condition_variable changed_;
    bool busy_ = false;  // guarded by bank_
    long cents_;         // belongs to the thread that made it busy; to all while it is not
};

inline bool transfer(account& from, account& to, long cents) {
    {
        std::unique_lock lock(account::bank_);
        account::changed_.wait(lock, [&] { return !from.busy_ && !to.busy_; });
        from.busy_ = to.busy_ = true;
    }
    const bool covered = from.cents_ >= cents;
    if (covered) {
        from.cents_ -= cents;
        to.cents_ += cents;
    }
    std::lock_guard lock(account::bank_);
    from.busy_ = to.busy_ = false;
    account::changed_.notify_one();
    return covered;
}

inline long total(const account& left, const account& right) {
    std::unique_lock lock(account::bank_);
    account::changed_.wait(lock, [&] { return !left.busy_ && !right.busy_; });
    return left.cents_ + right.cents_;
}

}  // namespace lesson
