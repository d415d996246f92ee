// Threads that still wait when the body has ended: the process would end with them, and what only
// they refer to is no leak.

#include <pthread.h>

#include <condition_variable>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

/// Its thread ends with the process, when the static is destroyed; not with the body.
class worker {
  public:
    static worker& the_one() {
        static worker only;
        return only;
    }
    long sum() {
        std::packaged_task<long()> task([this] { return sum_ += 1; });
        std::future<long> result = task.get_future();
        {
            const std::lock_guard lock(guard_);
            tasks_.push_back(std::move(task));
        }
        changed_.notify_one();
        return result.get();
    }
    ~worker() {
        {
            const std::lock_guard lock(guard_);
            stop_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }

  private:
    void run() {
        const auto log = std::make_unique<std::vector<long>>();
        std::unique_lock lock(guard_);
        for (;;) {
            changed_.wait(lock, [this] { return stop_ || !tasks_.empty(); });
            if (tasks_.empty()) return;
            std::packaged_task<long()> task = std::move(tasks_.front());
            tasks_.erase(tasks_.begin());
            lock.unlock();
            task();
            log->push_back(sum_);
            lock.lock();
        }
    }

    std::mutex guard_;
    std::condition_variable changed_;
    std::vector<std::packaged_task<long()>> tasks_;
    long sum_ = 0;
    bool stop_ = false;
    std::thread thread_{[this] { run(); }};
};

void a_worker_waits_for_work_at_the_end() {
    on_threads(2, [](int) { worker::the_one().sum(); });
    EXPECT(worker::the_one().sum() == 3);
}

// Nobody ever says so.
std::mutex end_guard;
std::condition_variable ended;
bool at_an_end = false;

/// It may begin only when the body has ended.
void what_a_detached_thread_has_made_is_its_own() {
    std::thread([] {
        const auto name = std::make_unique<std::string>("long enough for memory of its own");
        std::unique_lock lock(end_guard);
        ended.wait(lock, [] { return at_an_end; });
        EXPECT(!name->empty());
    }).detach();
}

void what_a_thread_was_started_with_is_its_own() {
    const auto wait = [](const std::unique_ptr<std::string>& name) {
        std::unique_lock lock(end_guard);
        ended.wait(lock, [] { return at_an_end; });
        EXPECT(!name->empty());
    };
    std::thread(wait, std::make_unique<std::string>("long enough for memory of its own")).detach();
}

void the_exception_that_a_thread_handles_is_its_own() {
    std::thread([] {
        try {
            throw std::runtime_error("long enough for memory of its own");
        } catch (...) {
            std::unique_lock lock(end_guard);
            ended.wait(lock, [] { return at_an_end; });
        }
    }).detach();
}

void what_a_thread_keeps_under_a_key_is_its_own() {
    pthread_key_t key;
    pthread_key_create(&key, std::free);
    std::thread([key] {
        pthread_setspecific(key, std::malloc(40));
        std::unique_lock lock(end_guard);
        ended.wait(lock, [] { return at_an_end; });
    }).detach();
}

}  // namespace

corpus::topic left_waiting() {
    return {
        "left waiting",
        {
            {"a worker waits for work at the end", a_worker_waits_for_work_at_the_end},
            {"what a detached thread has made is its own",
             what_a_detached_thread_has_made_is_its_own},
            {"what a thread was started with is its own",
             what_a_thread_was_started_with_is_its_own},
            {"the exception that a thread handles is its own",
             the_exception_that_a_thread_handles_is_its_own},
            {"what a thread keeps under a key is its own",
             what_a_thread_keeps_under_a_key_is_its_own},
        },
    };
}

}  // namespace never_blame
