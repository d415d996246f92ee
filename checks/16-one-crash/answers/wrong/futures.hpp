// wrong: crash: the calls are made in the program, by futures, and a crash of one ends it.
#pragma once

#include <cstdio>
#include <deque>
#include <exception>
#include <future>
#include <optional>
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
        outcomes results;
        std::deque<std::future<outcome<R>>> in_flight;
        for (const item& each : items) {
            if (in_flight.size() == workers_) {
                results.push_back(in_flight.front().get());
                in_flight.pop_front();
            }
            in_flight.push_back(std::async(std::launch::async, [this, each] {
                outcome<R> result;
                call(work_, each, result);
                return result;
            }));
        }
        for (auto& each : in_flight) results.push_back(each.get());
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
