#include "support/lock_gate.hpp"

#include "support/lock_hooks.hpp"
#include "support/together.hpp"

#if INTERLEAVE_LOCK_HOOKS
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <numeric>
#include <thread>

#include "support/thread_state.hpp"
#endif

namespace interleave {
namespace {

#if INTERLEAVE_LOCK_HOOKS

/// What a lock operation did.
enum class operation { taken, given_back };

/// One thread of a run: told where to stop, and asked how far it has come.
class participant final : lock_observer {
  public:
    /// `stop` is the number of the lock operation to stop after, counted from 1; 0 for none.
    explicit participant(int stop = 0) : stop_(stop) {}

    /// On the thread to be held.
    void run(const std::function<void()>& call) {
        id_ = static_cast<pid_t>(syscall(SYS_gettid));
        watch_locks(this);
        call();
        watch_locks(nullptr);
        enter(progress::finished);
    }

    // What the conductor calls.

    /// Waits until the thread has stopped, returned, or cannot go on without another.
    void settle(std::thread& thread) {
        still_watch watch(thread, *this);
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, std::chrono::milliseconds(1),
                                  [this] { return progress_ != progress::running; })) {
            lock.unlock();
            if (watch.waits_elsewhere()) return;
            lock.lock();
        }
    }

    /// Lets the thread go on, and stop no more. False when it had not stopped.
    bool release() {
        std::lock_guard lock(mutex_);
        stop_ = 0;
        if (progress_ != progress::stopped) return false;
        progress_ = progress::running;
        changed_.notify_all();
        return true;
    }

    /// After the join.
    const std::vector<operation>& operations() const { return operations_; }

  private:
    enum class progress { running, stopped, waiting, finished };

    /// Recognises a wait that the gate has no part in: the thread sleeps in the kernel, or spins.
    class still_watch {
      public:
        still_watch(std::thread& thread, const participant& who) : who_(who) {
            known_ = pthread_getcpuclockid(thread.native_handle(), &clock_) == 0;
            start_ = last_ = used();
        }

        /// Once a millisecond.
        bool waits_elsewhere() {
            const auto now = used();
            if (now - start_ > std::chrono::milliseconds(20)) return true;
            looks_asleep_ = now == last_ && asleep(who_.id_) ? looks_asleep_ + 1 : 0;
            last_ = now;
            return looks_asleep_ == 5;
        }

      private:
        std::chrono::nanoseconds used() const {
            timespec time{};
            if (!known_ || clock_gettime(clock_, &time) != 0) return {};
            return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
        }

        const participant& who_;
        clockid_t clock_{};
        bool known_ = false;
        std::chrono::nanoseconds start_{};
        std::chrono::nanoseconds last_{};
        int looks_asleep_ = 0;
    };

    void wants() override { enter(progress::waiting); }
    void taken() override { did(operation::taken); }
    void given_back() override { did(operation::given_back); }

    void did(operation what) {
        operations_.push_back(what);
        std::unique_lock lock(mutex_);
        progress_ = progress::running;
        if (static_cast<int>(operations_.size()) != stop_) return;
        progress_ = progress::stopped;
        changed_.notify_all();
        changed_.wait(lock, [this] { return progress_ != progress::stopped; });
    }

    void enter(progress now) {
        std::lock_guard lock(mutex_);
        progress_ = now;
        changed_.notify_all();
    }

    std::atomic<pid_t> id_ = 0;
    std::vector<operation> operations_;  // its own thread's until the join
    std::mutex mutex_;
    std::condition_variable changed_;
    int stop_;                               // guarded by mutex_
    progress progress_ = progress::running;  // guarded by mutex_
};

/// One run: the threads set off in `order`, each when the one before has settled, and those that
/// were stopped go on in the same order.
void run_once(const std::vector<std::function<void()>>& calls, const std::vector<int>& order,
              std::deque<participant>& participants) {
    std::vector<std::thread> threads(calls.size());
    for (const int i : order) {
        threads[i] = std::thread([&, i] { participants[i].run(calls[i]); });
        participants[i].settle(threads[i]);
    }
    for (const int i : order) {
        if (participants[i].release()) participants[i].settle(threads[i]);
    }
    for (auto& thread : threads) thread.join();
}

/// The operations after which a call is worth stopping, 0 (nowhere) among them.
std::vector<int> stops(const std::vector<operation>& operations, bool only_between_two_locks) {
    constexpr std::size_t most = 64;
    std::vector<int> result{0};
    int held = 0;
    for (std::size_t i = 0; i < operations.size() && result.size() <= most; ++i) {
        held += operations[i] == operation::taken ? 1 : -1;
        const bool wants_next = i + 1 < operations.size() && operations[i + 1] == operation::taken;
        if (!only_between_two_locks || (held > 0 && wants_next)) {
            result.push_back(static_cast<int>(i) + 1);
        }
    }
    return result;
}

/// Counts `digits` up by one, each below the size of its choices. False after the last.
bool advance(std::vector<std::size_t>& digits, const std::vector<std::vector<int>>& choices) {
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (++digits[i] < choices[i].size()) return true;
        digits[i] = 0;
    }
    return false;
}

int run_all(const std::vector<std::function<void()>>& calls, const std::function<void()>& before,
            const std::function<void()>& after) {
    // Each call alone first, to learn which lock operations it makes.
    std::vector<std::vector<int>> choices;
    for (const auto& call : calls) {
        before();
        std::deque<participant> alone(1);
        run_once({call}, {0}, alone);
        choices.push_back(stops(alone[0].operations(), calls.size() > 2));
    }

    int runs = 0;
    std::vector<int> order(calls.size());
    std::iota(order.begin(), order.end(), 0);
    do {
        std::vector<std::size_t> digits(calls.size(), 0);
        do {
            std::deque<participant> participants;
            for (std::size_t i = 0; i < calls.size(); ++i) {
                participants.emplace_back(choices[i][digits[i]]);
            }
            before();
            run_once(calls, order, participants);
            after();
            ++runs;
        } while (advance(digits, choices));
    } while (std::next_permutation(order.begin(), order.end()));
    return runs;
}

#else

int run_all(const std::vector<std::function<void()>>& calls, const std::function<void()>& before,
            const std::function<void()>& after) {
    constexpr int runs = 200;
    for (int run = 0; run < runs; ++run) {
        before();
        run_together(static_cast<int>(calls.size()),
                     [&](int i) { calls[static_cast<std::size_t>(i)](); });
        after();
    }
    return runs;
}

#endif

}  // namespace

int run_at_lock_gates(const std::vector<std::function<void()>>& calls,
                      const std::function<void()>& before, const std::function<void()>& after) {
    return run_all(calls, before, after);
}

}  // namespace interleave
