#pragma once
#include <condition_variable>
#include <mutex>

namespace interleave {

/// Who uses the machine: any number of stages side by side, or one stage alone. Who wants it alone
/// has it next: std::shared_mutex would let new readers in for as long as one is there, so that a
/// speedup stage of one answer waited for the end of all the others. For std::shared_lock and
/// std::unique_lock; any thread, none may lock it twice.
class machine_lock {
  public:
    void lock() {
        std::unique_lock guard(mutex_);
        ++wanting_it_alone_;
        changed_.wait(guard, [this] { return !alone_ && beside_others_ == 0; });
        --wanting_it_alone_;
        alone_ = true;
    }
    void unlock() {
        std::lock_guard guard(mutex_);
        alone_ = false;
        changed_.notify_all();
    }

    void lock_shared() {
        std::unique_lock guard(mutex_);
        changed_.wait(guard, [this] { return !alone_ && wanting_it_alone_ == 0; });
        ++beside_others_;
    }
    void unlock_shared() {
        std::lock_guard guard(mutex_);
        --beside_others_;
        changed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int beside_others_ = 0;     // guarded by mutex_
    int wanting_it_alone_ = 0;  // guarded by mutex_
    bool alone_ = false;        // guarded by mutex_
};

}  // namespace interleave
