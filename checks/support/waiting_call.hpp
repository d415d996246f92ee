#pragma once
#include <atomic>
#include <functional>
#include <future>
#include <thread>

namespace interleave {

/// A call on a thread of its own, that is expected to wait.
class waiting_call {
  public:
    explicit waiting_call(std::function<void()> call);
    ~waiting_call();

    /// False when the thread spins, or sleeps and looks again by itself.
    bool falls_asleep();
    bool returned() const { return returned_; }
    void join() { thread_.join(); }

  private:
    std::promise<long> id_;
    long number_ = 0;
    std::atomic<bool> returned_ = false;
    std::jthread thread_;
};

}  // namespace interleave
