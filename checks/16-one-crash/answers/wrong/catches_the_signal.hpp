// wrong: crash: a signal handler jumps out of the crashed call; other ends it does not see.
#pragma once

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <future>
#include <optional>
#include <system_error>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace lesson {

inline thread_local sigjmp_buf before_the_call;

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

    process_pool(int workers, R (*work)(Args...)) : process_pool() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) fail();
        channel_ = ends[0];
        far_end_ = ends[1];
        for (int i = 0; i < workers; ++i) workers_.emplace_back(serve, work, far_end_);
    }

    /// No map may be under way. Leaves no process and no descriptor behind.
    ~process_pool() {
        ::close(channel_);  // for the workers, the end of file
        workers_.clear();
        ::close(far_end_);
    }
    process_pool(process_pool&&) = delete;

    /// What became of each item, a tuple of arguments, in the order of the items.
    outcomes starmap(const std::vector<item>& items) {
        outcomes results(items.size());
        for (std::size_t sent = 0, done = 0; done < items.size(); ++done) {
            for (; sent < items.size() && sent - done < workers_.size(); ++sent) {
                const job next{sent, items[sent]};
                if (::send(channel_, &next, sizeof next, MSG_NOSIGNAL) < 0) fail();
            }
            answer got;
            if (::recv(channel_, &got, sizeof got, 0) <= 0) fail();
            results[got.first] = got.second;
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
    using job = std::pair<std::size_t, item>;  // numbered by the item's place
    using answer = std::pair<std::size_t, outcome<R>>;

    process_pool() = default;
    [[noreturn]] static void fail() { throw std::system_error(errno, std::generic_category()); }

    /// A worker: receives jobs and sends answers until the channel is closed.
    static void serve(R (*work)(Args...), int channel) {
        for (job next; ::recv(channel, &next, sizeof next, 0) > 0;) {
            answer result{next.first, {}};
            for (const int each : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGILL}) {
                std::signal(each, [](int) { siglongjmp(before_the_call, 1); });
            }
            if (sigsetjmp(before_the_call, 1) == 0) {
                call(work, next.second, result.second);
            } else {
                std::snprintf(result.second.error, sizeof result.second.error, "it crashed");
            }
            ::send(channel, &result, sizeof result, MSG_NOSIGNAL);
        }
    }

    static void call(R (*work)(Args...), const item& arguments, outcome<R>& result) noexcept {
        try {
            result = {std::apply(work, arguments), ""};
        } catch (const std::exception& thrown) {
            std::snprintf(result.error, sizeof result.error, "%s", thrown.what());
        }
    }

    int channel_ = -1;  ///< To all workers. A packet arrives whole, and at one of them.
    int far_end_ = -1;
    std::vector<std::jthread> workers_;
};

}  // namespace lesson
