// wrong: lost-exception: Of words that fill the field, strncpy leaves out the end, and whoever
// reads them reads on behind it.
#pragma once

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <exception>
#include <future>
#include <new>
#include <optional>
#include <system_error>
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

    process_pool(int workers, R (*work)(Args...)) : process_pool() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) fail();
        channel_ = ends[0];
        for (int i = 0; i < workers; ++i) {
            const pid_t worker = ::fork();
            if (worker < 0) fail();
            if (worker == 0) ::close(channel_), serve(work, ends[1]), ::_exit(0);
            workers_.push_back(worker);
        }
        ::close(ends[1]);
    }

    /// No map may be under way. Leaves no process and no descriptor behind.
    ~process_pool() {
        ::close(channel_);  // for the workers, the end of file
        for (const pid_t worker : workers_) ::waitpid(worker, nullptr, 0);
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
    using job = std::pair<std::size_t, item>;
    using answer = std::pair<std::size_t, outcome<R>>;

    process_pool() = default;
    [[noreturn]] static void fail() { throw std::system_error(errno, std::generic_category()); }

    /// A worker: receives jobs and has a process of its own make each call.
    static void serve(R (*work)(Args...), int channel) {
        void* const memory = ::mmap(nullptr, sizeof(answer), PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) ::_exit(1);
        answer& result = *new (memory) answer;  // shared with the process of the call
        for (job next; ::recv(channel, &next, sizeof next, 0) > 0;) {
            result = {next.first, {std::nullopt, "the call ended its process"}};
            if (::fork() == 0) call(work, next.second, result.second), ::_exit(0);
            ::wait(nullptr);
            ::send(channel, &result, sizeof result, MSG_NOSIGNAL);
        }
        ::close(channel);
    }

    static void call(R (*work)(Args...), const item& arguments, outcome<R>& result) noexcept {
        try {
            result = {std::apply(work, arguments), ""};
        } catch (const std::exception& thrown) {
            std::strncpy(result.error, thrown.what(), sizeof result.error);
        }
    }

    int channel_ = -1;  ///< To all workers.
    std::vector<pid_t> workers_;
};

}  // namespace lesson
