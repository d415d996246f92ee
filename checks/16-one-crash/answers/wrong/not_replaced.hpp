// wrong: wrong-result: a worker that died is not replaced, and when none is left the rest is given
// up.
#pragma once

#include <poll.h>
#include <sys/socket.h>
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
        for (int i = 0; i < workers; ++i) workers_.push_back(start());
    }

    ~process_pool() {
        for (const worker& each : workers_) ::close(each.channel);
        for (const worker& each : workers_) ::waitpid(each.process, nullptr, 0);
    }
    process_pool(process_pool&&) = delete;

    outcomes starmap(const std::vector<item>& items) {
        outcomes results(items.size());
        std::size_t next = 0;
        std::size_t done = 0;
        const auto feed = [&](worker& idle) {
            idle.item = next;
            if (next == items.size()) return;
            const job wanted{next, items[next]};
            ++next;
            ::send(idle.channel, &wanted, sizeof wanted, MSG_NOSIGNAL);
        };
        for (worker& each : workers_) feed(each);
        while (done < items.size() && !workers_.empty()) {
            std::vector<pollfd> waits;
            for (const worker& each : workers_) {
                waits.push_back({each.item < items.size() ? each.channel : -1, POLLIN, 0});
            }
            ::poll(waits.data(), waits.size(), -1);
            for (std::size_t i = 0; i < waits.size(); ++i) {
                if (waits[i].revents == 0) continue;
                answer got;
                if (::recv(waits[i].fd, &got, sizeof got, 0) <= 0) {
                    got = {workers_[i].item, lost(workers_[i])};
                    results[got.first] = got.second;
                    ++done;
                    ::close(workers_[i].channel);
                    workers_.erase(workers_.begin() + static_cast<long>(i));
                    break;
                }
                results[got.first] = got.second;
                ++done;
                feed(workers_[i]);
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
    using job = std::pair<std::size_t, item>;
    using answer = std::pair<std::size_t, outcome<R>>;
    struct worker {
        pid_t process = -1;
        int channel = -1;
        std::size_t item = 0;
    };

    [[noreturn]] static void fail() { throw std::system_error(errno, std::generic_category()); }

    worker start() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) fail();
        const pid_t process = ::fork();
        if (process < 0) fail();
        if (process == 0) {
            ::close(ends[0]);
            for (const worker& other : workers_) ::close(other.channel);
            serve(ends[1]);
        }
        ::close(ends[1]);
        return {process, ends[0], 0};
    }

    void serve(int channel) {
        for (job next; ::recv(channel, &next, sizeof next, 0) > 0;) {
            answer result{next.first, {}};
            call(work_, next.second, result.second);
            ::send(channel, &result, sizeof result, MSG_NOSIGNAL);
        }
        ::_exit(0);
    }

    static outcome<R> lost(const worker& dead) {
        int status = 0;
        ::waitpid(dead.process, &status, 0);
        outcome<R> result;
        std::snprintf(result.error, sizeof result.error, "worker %d ended with %d",
                      static_cast<int>(dead.process), status);
        return result;
    }

    static void call(R (*work)(Args...), const item& arguments, outcome<R>& result) noexcept {
        try {
            result = {std::apply(work, arguments), ""};
        } catch (const std::exception& thrown) {
            std::snprintf(result.error, sizeof result.error, "%s", thrown.what());
        }
    }

    R (*work_)(Args...);
    std::vector<worker> workers_;
};

}  // namespace lesson
