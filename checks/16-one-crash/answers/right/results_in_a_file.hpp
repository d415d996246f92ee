// right: each item's process writes to its place in a file, and the oldest is waited for first.
#pragma once

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <deque>
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
        const int file = ::memfd_create("results", MFD_CLOEXEC);
        if (file < 0) throw std::system_error(errno, std::generic_category());
        outcomes results(items.size());
        std::deque<pid_t> in_flight;
        std::size_t finished = 0;
        const auto finish_the_oldest = [&] {
            ::waitpid(in_flight.front(), nullptr, 0);
            in_flight.pop_front();
            outcome<R>& result = results[finished];
            const auto place = static_cast<off_t>(finished * sizeof result);
            ++finished;
            std::optional<outcome<R>> got(std::in_place);
            const ssize_t size = ::pread(file, &*got, sizeof *got, place);
            // A hole that no process has filled reads as zeros, or is beyond the end.
            const bool filled =
                size == static_cast<ssize_t>(sizeof *got) && (got->value || got->error[0] != 0);
            if (filled) {
                result = *got;
            } else {
                std::snprintf(result.error, sizeof result.error, "nothing was left in the file");
            }
        };
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (in_flight.size() == workers_) finish_the_oldest();
            const pid_t process = ::fork();
            if (process == 0) {
                outcome<R> result;
                call(work_, items[i], result);
                ::pwrite(file, &result, sizeof result, static_cast<off_t>(i * sizeof result));
                ::_exit(0);
            }
            in_flight.push_back(process);
        }
        while (!in_flight.empty()) finish_the_oldest();
        ::close(file);
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
