#pragma once
#include <atomic>
#include <functional>
#include <future>
#include <thread>
#include <utility>

#include "support/threads.hpp"

namespace interleave {

/// A call on a thread of its own, that is expected to wait.
class waiting_call {
  public:
    explicit waiting_call(std::function<void()> call)
        : thread_([this, call = std::move(call)] {
              id_.set_value(interleave::thread_id());
              call();
              returned_ = true;
          }) {}

    /// False when the thread spins, or sleeps and looks again by itself.
    bool falls_asleep() {
        if (number_ == 0) number_ = id_.get_future().get();
        return interleave::falls_asleep(number_);
    }
    bool returned() const { return returned_; }
    void join() { thread_.join(); }

  private:
    std::promise<long> id_;
    long number_ = 0;
    std::atomic<bool> returned_ = false;
    std::jthread thread_;
};

}  // namespace interleave
