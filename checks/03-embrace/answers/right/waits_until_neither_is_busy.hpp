// right: Marks both accounts busy in one step under one mutex, and waits while either is.
#pragma once

#include <condition_variable>
#include <mutex>

namespace lesson {

/// Money of one owner, in cents. Any thread may call anything here, on any accounts.
class account {
  public:
    explicit account(long cents) : cents_(cents) {}

    long balance() const;

    /// Moves `cents`, which is not negative, between two accounts. Returns false, and moves
    /// nothing, when `from` has less. Both may be the same account: then nothing moves either way.
    friend bool transfer(account& from, account& to, long cents);

    /// The money on two different accounts at one moment: a transfer between them is seen whole or
    /// not at all.
    friend long total(const account& left, const account& right);

  private:
    friend class busy;
    mutable bool busy_ = false;  // guarded by busy::mutex_
    long cents_;                 // belongs to the thread that made it busy
};

// Both accounts of a call, while it lives.
class busy {
  public:
    busy(const account& one, const account& other) : one_(one), other_(other) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !one_.busy_ && !other_.busy_; });
        one_.busy_ = other_.busy_ = true;
    }
    busy(const busy&) = delete;
    ~busy() {
        {
            std::lock_guard lock(mutex_);
            one_.busy_ = other_.busy_ = false;
        }
        changed_.notify_all();
    }

  private:
    static inline std::mutex mutex_;
    static inline std::condition_variable changed_;
    const account& one_;
    const account& other_;
};

inline long account::balance() const {
    const busy now(*this, *this);
    return cents_;
}

inline bool transfer(account& from, account& to, long cents) {
    const busy now(from, to);
    if (from.cents_ < cents) return false;
    from.cents_ -= cents;
    to.cents_ += cents;
    return true;
}

inline long total(const account& left, const account& right) {
    const busy now(left, right);
    return left.cents_ + right.cents_;
}

}  // namespace lesson
