// right: the workers take items from a shared index and write into shared memory what became of
// them.
#pragma once

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <future>
#include <new>
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

    process_pool(int workers, R (*work)(Args...)) : workers_(workers), work_(work) {}
    process_pool(process_pool&&) = delete;

    outcomes starmap(const std::vector<item>& items) {
        const std::size_t count = items.size();
        auto* const results = share<outcome<R>>(count + 1);
        auto* const next = share<std::atomic<std::size_t>>(1);
        auto* const at_hand = share<std::size_t>(static_cast<std::size_t>(workers_));
        const auto start = [&](int worker) {
            const pid_t process = ::fork();
            if (process != 0) return process;
            for (std::size_t i; (i = next->fetch_add(1)) < count;) {
                at_hand[worker] = i + 1;
                call(work_, items[i], results[i]);
                at_hand[worker] = 0;
            }
            ::_exit(0);
        };
        std::vector<pid_t> processes;
        for (int i = 0; i < workers_ && static_cast<std::size_t>(i) < count; ++i) {
            processes.push_back(start(i));
        }
        for (std::size_t i = 0; i < processes.size();) {
            ::waitpid(processes[i], nullptr, 0);
            if (at_hand[i] == 0) {
                ++i;
                continue;
            }
            outcome<R>& lost = results[at_hand[i] - 1];
            lost = {};
            std::snprintf(lost.error, sizeof lost.error, "its worker died");
            at_hand[i] = 0;
            processes[i] = start(static_cast<int>(i));
        }
        const outcomes copied(results, results + count);
        ::munmap(results, (count + 1) * sizeof *results);
        ::munmap(next, sizeof *next);
        ::munmap(at_hand, static_cast<std::size_t>(workers_) * sizeof *at_hand);
        return copied;
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
    template <class T>
    static T* share(std::size_t count) {
        void* const memory = ::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category());
        T* const first = static_cast<T*>(memory);
        for (std::size_t i = 0; i < count; ++i) new (first + i) T();
        return first;
    }

    static void call(R (*work)(Args...), const item& arguments, outcome<R>& result) noexcept {
        try {
            result = {std::apply(work, arguments), ""};
        } catch (const std::exception& thrown) {
            std::snprintf(result.error, sizeof result.error, "%s", thrown.what());
        }
    }

    int workers_;
    R (*work_)(Args...);
};

}  // namespace lesson
