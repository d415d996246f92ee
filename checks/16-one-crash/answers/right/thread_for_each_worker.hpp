// right: a thread of the program speaks with each worker over two pipes, and starts it anew.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <future>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace lesson {

/// What became of one item.
template <class R>
struct outcome {
    std::optional<R> value;  ///< Empty when the item failed.
    char error[160] = "";    ///< Then: the exception's what(), or that the call ended its process.
};

/// Calls a function for many items, for as many at the same time as there are workers (1 or more),
/// in other processes. An item fails alone, however its call ends, and is not tried again. Runs one
/// map at a time, and is made before the program starts threads. Throws std::system_error.
template <class R, class... Args>
class process_pool {
    static_assert(std::is_trivially_copyable_v<R> && (std::is_trivially_copyable_v<Args> && ...),
                  "items and results travel as bytes");

  public:
    using item = std::tuple<Args...>;
    using outcomes = std::vector<outcome<R>>;

    process_pool(int workers, R (*work)(Args...)) : work_(work) {
        ::signal(SIGPIPE, SIG_IGN);
        for (int i = 0; i < workers; ++i) workers_.push_back(start());
    }

    ~process_pool() {
        for (worker& each : workers_) {
            ::close(each.to);
            ::close(each.from);
        }
        for (worker& each : workers_) ::waitpid(each.process, nullptr, 0);
    }
    process_pool(process_pool&&) = delete;

    outcomes starmap(const std::vector<item>& items) {
        outcomes results(items.size());
        std::atomic<std::size_t> next = 0;
        std::vector<std::jthread> threads;
        for (std::size_t w = 0; w < workers_.size(); ++w) {
            threads.emplace_back([&, w] {
                for (std::size_t i; (i = next++) < items.size();) {
                    if (whole(::write, workers_[w].to, items[i]) &&
                        whole(::read, workers_[w].from, results[i])) {
                        continue;
                    }
                    std::lock_guard lock(mutex_);
                    results[i] = {};
                    int status = 0;
                    ::close(workers_[w].to);
                    ::close(workers_[w].from);
                    ::waitpid(workers_[w].process, &status, 0);
                    std::snprintf(results[i].error, sizeof results[i].error, "status %d", status);
                    workers_[w] = {};
                    workers_[w] = start();
                }
            });
        }
        threads.clear();
        return results;
    }

    /// The same for a function of one parameter.
    outcomes map(const std::vector<Args>&... items) requires(sizeof...(Args) == 1) {
        return starmap(std::vector<item>(items.begin(), items.end())...);
    }

    /// Comes back at once; the work goes on meanwhile, whether or not anybody waits for it.
    std::future<outcomes> map_async(std::vector<Args>... items) requires(sizeof...(Args) == 1) {
        return std::async(std::launch::async, [this, items...] { return map(items...); });
    }

  private:
    struct worker {
        pid_t process = -1;
        int to = -1;
        int from = -1;
    };

    /// Reads or writes all of a value, in as many pieces as it takes.
    template <class Step, class T>
    static bool whole(Step step, int file, T& value) {
        auto* at = const_cast<char*>(reinterpret_cast<const char*>(&value));
        for (std::size_t left = sizeof value; left > 0;) {
            const ssize_t size = step(file, at, left);
            if (size <= 0) return false;
            at += size;
            left -= static_cast<std::size_t>(size);
        }
        return true;
    }

    [[noreturn]] static void fail() { throw std::system_error(errno, std::generic_category()); }

    worker start() {
        int there[2];
        int back[2];
        if (::pipe(there) != 0 || ::pipe(back) != 0) fail();
        const pid_t process = ::fork();
        if (process < 0) fail();
        if (process == 0) {
            ::close(there[1]);
            ::close(back[0]);
            for (const worker& other : workers_) {
                ::close(other.to);
                ::close(other.from);
            }
            for (item next; whole(::read, there[0], next);) {
                outcome<R> result;
                call(work_, next, result);
                whole(::write, back[1], result);
            }
            ::_exit(0);
        }
        ::close(there[0]);
        ::close(back[1]);
        return {process, there[1], back[0]};
    }

    static void call(R (*work)(Args...), const item& arguments, outcome<R>& result) noexcept {
        try {
            result = {std::apply(work, arguments), ""};
        } catch (const std::exception& thrown) {
            std::snprintf(result.error, sizeof result.error, "%s", thrown.what());
        }
    }

    R (*work_)(Args...);
    std::mutex mutex_;
    std::vector<worker> workers_;
};

}  // namespace lesson
