// right: each item has a process and a pipe of its own, as many at once as there are workers.
#pragma once

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <future>
#include <optional>
#include <system_error>
#include <tuple>
#include <type_traits>
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

    process_pool(int workers, R (*work)(Args...))
        : workers_(static_cast<std::size_t>(workers)), work_(work) {}
    process_pool(process_pool&&) = delete;

    outcomes starmap(const std::vector<item>& items) {
        outcomes results(items.size());
        std::vector<running> in_flight;
        for (std::size_t next = 0; next < items.size() || !in_flight.empty();) {
            while (next < items.size() && in_flight.size() < workers_) {
                in_flight.push_back(start(items[next], next));
                ++next;
            }
            std::vector<pollfd> waits;
            for (const running& each : in_flight) waits.push_back({each.pipe, POLLIN, 0});
            ::poll(waits.data(), waits.size(), -1);
            for (std::size_t i = waits.size(); i-- > 0;) {
                if (waits[i].revents == 0) continue;
                results[in_flight[i].item] = finish(in_flight[i]);
                in_flight.erase(in_flight.begin() + static_cast<long>(i));
            }
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
    struct running {
        pid_t process;
        int pipe;
        std::size_t item;
    };

    [[noreturn]] static void fail() { throw std::system_error(errno, std::generic_category()); }

    running start(const item& arguments, std::size_t number) {
        int ends[2];
        if (::pipe(ends) != 0) fail();
        const pid_t process = ::fork();
        if (process < 0) fail();
        if (process == 0) {
            outcome<R> result;
            call(work_, arguments, result);
            const char* at = reinterpret_cast<const char*>(&result);
            for (std::size_t left = sizeof result; left > 0;) {
                const ssize_t wrote = ::write(ends[1], at, left);
                if (wrote <= 0) break;
                at += wrote;
                left -= static_cast<std::size_t>(wrote);
            }
            ::_exit(0);
        }
        ::close(ends[1]);
        return {process, ends[0], number};
    }

    static outcome<R> finish(const running& one) {
        outcome<R> result;
        std::size_t size = 0;
        while (size < sizeof result) {
            char* const at = reinterpret_cast<char*>(&result) + size;
            const ssize_t got = ::read(one.pipe, at, sizeof result - size);
            if (got <= 0) break;
            size += static_cast<std::size_t>(got);
        }
        ::close(one.pipe);
        int status = 0;
        ::waitpid(one.process, &status, 0);
        if (size < sizeof result) {
            result = {};
            std::snprintf(result.error, sizeof result.error, "ended with status %d", status);
        }
        return result;
    }

    static void call(R (*work)(Args...), const item& arguments, outcome<R>& result) noexcept {
        try {
            result = {std::apply(work, arguments), ""};
        } catch (const std::exception& thrown) {
            std::snprintf(result.error, sizeof result.error, "%s", thrown.what());
        }
    }

    std::size_t workers_;
    R (*work_)(Args...);
};

}  // namespace lesson
