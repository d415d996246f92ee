// wrong: wrong-result: all workers are threads of one other process, and a crash ends the calls
// beside it.
#pragma once

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <future>
#include <optional>
#include <set>
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

    process_pool(int workers, R (*work)(Args...)) : count_(workers), work_(work) { start(); }

    ~process_pool() {
        ::close(channel_);
        ::waitpid(process_, nullptr, 0);
    }
    process_pool(process_pool&&) = delete;

    outcomes starmap(const std::vector<item>& items) {
        outcomes results(items.size());
        std::set<std::size_t> in_flight;
        for (std::size_t next = 0; next < items.size() || !in_flight.empty();) {
            while (next < items.size() && in_flight.size() < static_cast<std::size_t>(count_)) {
                const job wanted{next, items[next]};
                in_flight.insert(next++);
                ::send(channel_, &wanted, sizeof wanted, MSG_NOSIGNAL);
            }
            answer got;
            if (::recv(channel_, &got, sizeof got, 0) > 0) {
                results[got.first] = got.second;
                in_flight.erase(got.first);
                continue;
            }
            for (const std::size_t lost : in_flight) {
                std::snprintf(results[lost].error, sizeof results[lost].error, "it crashed");
            }
            in_flight.clear();
            ::close(channel_);
            ::waitpid(process_, nullptr, 0);
            start();
        }
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
    using job = std::pair<std::size_t, item>;
    using answer = std::pair<std::size_t, outcome<R>>;

    [[noreturn]] static void fail() { throw std::system_error(errno, std::generic_category()); }

    void start() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) fail();
        channel_ = ends[0];
        process_ = ::fork();
        if (process_ < 0) fail();
        if (process_ == 0) {
            ::close(ends[0]);
            std::vector<std::jthread> threads;
            for (int i = 0; i < count_; ++i) {
                threads.emplace_back([this, channel = ends[1]] {
                    for (job next; ::recv(channel, &next, sizeof next, 0) > 0;) {
                        answer result{next.first, {}};
                        call(work_, next.second, result.second);
                        ::send(channel, &result, sizeof result, MSG_NOSIGNAL);
                    }
                });
            }
            threads.clear();
            ::_exit(0);
        }
        ::close(ends[1]);
    }

    static void call(R (*work)(Args...), const item& arguments, outcome<R>& result) noexcept {
        try {
            result = {std::apply(work, arguments), ""};
        } catch (const std::exception& thrown) {
            std::snprintf(result.error, sizeof result.error, "%s", thrown.what());
        }
    }

    int count_;
    R (*work_)(Args...);
    int channel_ = -1;
    pid_t process_ = -1;
};

}  // namespace lesson
