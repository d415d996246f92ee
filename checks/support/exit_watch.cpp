#include "support/exit_watch.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include "support/patience.hpp"
#include "support/thread_state.hpp"
#include "support/threads.hpp"

namespace interleave {

struct exit_watch::state {
    const std::thread::id owner = std::this_thread::get_id();
    const long owner_id = thread_id();
    std::atomic<int> running = 0;
    std::atomic<bool> counted = false;

    void leave() {
        // Bounded for the sake of an owner that looks in now and then while others join.
        patience left;
        while (!counted.load(std::memory_order_relaxed) &&
               !waits_for_another(owner_id).value_or(true) &&
               left.lasts(asleep(static_cast<int>(owner_id)), processor_time(owner_id))) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        running.fetch_sub(1, std::memory_order_relaxed);
    }
};

exit_watch::exit_watch() : state_(std::make_shared<state>()) {}

exit_watch::~exit_watch() {
    state_->counted.store(true, std::memory_order_relaxed);
}

void exit_watch::note_thread() {
    struct end_of_thread {
        std::shared_ptr<state> noted_by;
        ~end_of_thread() {
            if (noted_by) noted_by->leave();
        }
    };
    thread_local end_of_thread mine;
    if (std::this_thread::get_id() == state_->owner || mine.noted_by == state_) return;
    mine.noted_by = state_;
    state_->running.fetch_add(1, std::memory_order_relaxed);
}

int exit_watch::still_running() {
    const int running = state_->running.load(std::memory_order_relaxed);
    state_->counted.store(true, std::memory_order_relaxed);
    return running;
}

}  // namespace interleave
