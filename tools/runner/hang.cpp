#include "runner/hang.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/stack_view.hpp"

namespace interleave {
namespace {

constexpr std::size_t most_threads_shown = 8;

/// What a thread is doing, in the words of the report.
enum class activity {
    running,
    mutex,
    join,
    condition_variable,
    semaphore,
    latch,
    barrier,
    future,
    atomic,
    shared_mutex,
    sleep,
    child,
    input,
    unknown_wait,
};

/// Which primitive a header of the standard library implements. Functions tell less: an inlined one
/// is listed as "wait", whoever's it is.
activity from_header(const owned_frame& frame) {
    const std::string header = frame.at.file.filename().string();
    if (header == "shared_mutex") return activity::shared_mutex;
    if (header == "condition_variable") return activity::condition_variable;
    if (header == "semaphore" || header == "semaphore_base.h") return activity::semaphore;
    if (header == "latch") return activity::latch;
    if (header == "barrier") return activity::barrier;
    if (header == "future" || header == "atomic_futex.h") return activity::future;
    if (header == "thread" || header == "std_thread.h") return activity::join;
    if (header == "mutex" || header == "std_mutex.h" || header == "unique_lock.h" ||
        frame.at.function.find("mutex_lock") != std::string::npos) {
        return activity::mutex;
    }
    if (header == "atomic" || header == "atomic_base.h" || header == "atomic_wait.h") {
        return activity::atomic;
    }
    return activity::unknown_wait;
}

/// The part of a stack before the first frame that is not the library's: what the waiting line
/// calls.
std::vector<activity> called_primitives(const owned_stack& stack) {
    std::vector<activity> called;
    for (const owned_frame& each : stack) {
        if (each.owner != line_owner::library) break;
        called.push_back(from_header(each));
    }
    return called;
}

/// The primitive that the line itself names: a semaphore waits with an atomic, a future with both a
/// mutex and a condition variable.
activity outermost_primitive(const std::vector<activity>& called) {
    const auto found = std::find_if(called.rbegin(), called.rend(),
                                    [](activity each) { return each != activity::unknown_wait; });
    return found != called.rend() ? *found : activity::unknown_wait;
}

/// Where the library's own frames are in a shared library and not seen, the line itself tells.
activity from_line(const std::string& line) {
    if (line.find(".join()") != std::string::npos) return activity::join;
    if (line.find(".wait(") != std::string::npos || line.find("->wait(") != std::string::npos) {
        return activity::condition_variable;
    }
    return activity::unknown_wait;
}

activity from_call(const std::string& call) {
    if (call == "running") return activity::running;
    if (call == "nanosleep") return activity::sleep;
    if (call == "waitpid" || call == "waitid") return activity::child;
    return call == "futex" ? activity::unknown_wait : activity::input;
}

/// One thread of the report.
struct portrait {
    std::string name;  ///< "the main thread", "thread 2"
    activity what = activity::unknown_wait;
    const owned_frame* at = nullptr;
    std::vector<const owned_frame*> also_at;  ///< Running: other lines it was seen in.
    std::optional<std::size_t> waits_for;     ///< The thread that would have to go on first.
};

std::string capitalised(std::string text) {
    if (!text.empty())
        text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

class hang_writer {
  public:
    hang_writer(const run_result& run, const std::filesystem::path& program,
                const std::filesystem::path& answer, const std::filesystem::path& root)
        : run_(run) {
        std::vector<std::vector<std::uintptr_t>> addresses;
        for (const blocked_thread& thread : run.blocked) {
            addresses.push_back(thread.stack);
            for (const auto& later : thread.later_stacks) addresses.push_back(later);
        }
        stacks_ = stack_reader(program, answer, root).read(addresses);
        portray();
        find_cycle();
    }

    hang_report write() {
        hang_report report;
        report.why = cycle_.empty() ? kind::hang : kind::deadlock;
        report.summary = summary();
        if (const portrait* main = culprit(); main != nullptr && main->at != nullptr) {
            report.where = place_of(*main->at);
        }
        report.text = text();
        return report;
    }

  private:
    void portray() {
        int number = 0;
        std::size_t next = 0;
        for (const blocked_thread& thread : run_.blocked) {
            portrait& one = threads_.emplace_back();
            one.name = thread.main ? "the main thread" : fmt::format("thread {}", ++number);
            const owned_stack& stack = stacks_[next++];
            one.at = telling_frame(stack);
            for (std::size_t i = 0; i < thread.later_stacks.size(); ++i) {
                const owned_frame* later = telling_frame(stacks_[next++]);
                if (later == nullptr) continue;
                const auto same = [&](const owned_frame* seen) {
                    return seen != nullptr && seen->at.line == later->at.line &&
                           seen->at.file == later->at.file;
                };
                if (one.at == nullptr) {
                    one.at = later;
                } else if (!same(one.at) &&
                           std::none_of(one.also_at.begin(), one.also_at.end(), same)) {
                    one.also_at.push_back(later);
                }
            }
            one.what = activity_of(thread, stack, one.at);
            if (one.what == activity::mutex) one.waits_for = index_of(thread.owner);
            if (one.what == activity::join) one.waits_for = index_of(thread.joins);
        }
    }

    static activity activity_of(const blocked_thread& thread, const owned_stack& stack,
                                const owned_frame* at) {
        const activity call = from_call(thread.call);
        if (call != activity::unknown_wait) return call;
        if (thread.joins) return activity::join;
        const std::vector<activity> called = called_primitives(stack);
        const bool locks = called.empty() || called.front() == activity::mutex;
        if (thread.owner && locks) return activity::mutex;
        const activity outermost = outermost_primitive(called);
        if (outermost != activity::unknown_wait) return outermost;
        return at != nullptr ? from_line(text_of_line(*at)) : activity::unknown_wait;
    }

    std::optional<std::size_t> index_of(std::optional<pid_t> id) const {
        for (std::size_t i = 0; id && i < run_.blocked.size(); ++i) {
            if (run_.blocked[i].id == *id) return i;
        }
        return {};
    }

    /// Follows "waits for" from each thread; a thread met twice closes a cycle. Only in a process
    /// that stands still: in a running one a mutex is held now and free a moment later.
    void find_cycle() {
        if (run_.ended != ending::blocked && run_.ended != ending::idle) return;
        for (std::size_t start = 0; start < threads_.size(); ++start) {
            std::vector<std::size_t> path;
            for (std::optional<std::size_t> at = start; at; at = threads_[*at].waits_for) {
                const auto seen = std::find(path.begin(), path.end(), *at);
                if (seen != path.end()) {
                    cycle_.assign(seen, path.end());
                    std::rotate(cycle_.begin(), std::min_element(cycle_.begin(), cycle_.end()),
                                cycle_.end());
                    return;
                }
                path.push_back(*at);
            }
        }
    }

    bool in_cycle(std::size_t thread) const {
        return std::find(cycle_.begin(), cycle_.end(), thread) != cycle_.end();
    }

    /// The thread whose place is shown first.
    const portrait* culprit() const {
        const portrait* best = nullptr;
        int best_rank = -1;
        for (std::size_t i = 0; i < threads_.size(); ++i) {
            const portrait& one = threads_[i];
            if (one.at == nullptr || (!cycle_.empty() && !in_cycle(i))) continue;
            const bool answers = one.at->owner == line_owner::answer;
            const bool busy = one.what == activity::running;
            const int rank =
                (answers ? 4 : 0) + (busy ? 2 : 0) + (one.waits_for && cycle_.empty() ? 0 : 1);
            if (rank > best_rank) {
                best = &one;
                best_rank = rank;
            }
        }
        return best;
    }

    std::string summary() const {
        if (cycle_.size() == 1) {
            return capitalised(threads_[cycle_[0]].name) + " locks a mutex that it holds already.";
        }
        if (!cycle_.empty()) {
            const bool mutexes = std::all_of(cycle_.begin(), cycle_.end(), [&](std::size_t i) {
                return threads_[i].what == activity::mutex;
            });
            if (mutexes && cycle_.size() == 2) {
                return "Two threads wait for each other: each holds the mutex that the other "
                       "wants.";
            }
            if (mutexes) {
                return fmt::format(
                    "{} threads wait in a circle: each holds the mutex that another wants.",
                    cycle_.size());
            }
            return fmt::format("{} threads wait for each other in a circle.", cycle_.size());
        }
        if (run_.ended == ending::cpu_limit || run_.ended == ending::wall_limit) {
            const auto busy = std::count_if(threads_.begin(), threads_.end(), [](const auto& one) {
                return one.what == activity::running;
            });
            if (busy == 0) return "The program did not come to an end.";
            return busy == 1 ? "A thread runs without coming to an end."
                             : fmt::format("{} threads run without coming to an end.", busy);
        }
        if (run_.ended == ending::napping) {
            return "Its threads sleep and look again, for something that never comes.";
        }
        for (const portrait& one : threads_) {
            if (const std::string_view missing = who_is_missing(one); !missing.empty()) {
                return fmt::format("{} {}, and no thread is left to {}.", capitalised(one.name),
                                   doing(one), missing);
            }
        }
        return run_.ended == ending::blocked
                   ? "Every thread waits, and none is left that could let another go on."
                   : "Every thread sleeps, and nothing happens any more.";
    }

    std::string_view who_is_missing(const portrait& one) const {
        if (run_.ended != ending::blocked) return {};
        switch (one.what) {
            case activity::mutex:
                return one.waits_for ? "" : "unlock it";
            case activity::condition_variable:
                return "notify it";
            case activity::semaphore:
                return "release it";
            case activity::latch:
                return "count it down";
            case activity::barrier:
                return "arrive at it";
            case activity::future:
                return "set its value";
            case activity::atomic:
                return "change it";
            default:
                return {};
        }
    }

    std::string doing(const portrait& one) const {
        const std::string other = one.waits_for ? threads_[*one.waits_for].name : std::string();
        const bool itself = one.waits_for && &threads_[*one.waits_for] == &one;
        switch (one.what) {
            case activity::running:
                return "is running";
            case activity::mutex:
                if (itself) return "waits for a mutex that it holds itself";
                return other.empty() ? "waits for a mutex"
                                     : fmt::format("waits for a mutex that {} holds", other);
            case activity::join:
                return other.empty() ? "waits for a thread to end"
                                     : fmt::format("waits for {} to end", other);
            case activity::condition_variable:
                return "waits on a condition variable";
            case activity::semaphore:
                return "waits for a semaphore";
            case activity::latch:
                return "waits at a latch";
            case activity::barrier:
                return "waits at a barrier";
            case activity::future:
                return "waits for a future";
            case activity::atomic:
                return "waits for an atomic to change";
            case activity::shared_mutex:
                return "waits for a shared mutex";
            case activity::sleep:
                return "sleeps";
            case activity::child:
                return "waits for a child process to end";
            case activity::input:
                return "waits for input or output";
            case activity::unknown_wait:
                break;
        }
        return "waits";
    }

    std::string text() const {
        if (threads_.empty()) return "Nothing is known about where its threads stand.\n";
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < threads_.size(); ++i) order.push_back(i);
        const auto rank = [&](std::size_t i) {
            if (in_cycle(i)) return 0;
            return threads_[i].at != nullptr && threads_[i].at->owner == line_owner::answer ? 1 : 2;
        };
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
        if (order.size() > most_threads_shown) order.resize(most_threads_shown);
        // The threads of the cycle in its own order: each waits for the next.
        if (cycle_.size() <= order.size()) std::copy(cycle_.begin(), cycle_.end(), order.begin());

        std::string lines;
        for (const std::size_t i : order) {
            const portrait& one = threads_[i];
            lines += capitalised(one.name) + " " + doing(one);
            if (one.at != nullptr) {
                lines += ", at " + name_of_place(*one.at);
                for (const owned_frame* other : one.also_at) lines += ", " + name_of_place(*other);
                lines += "\n";
                const std::string line = text_of_line(*one.at);
                if (!line.empty()) lines += "    " + line;
            }
            lines += "\n";
        }
        if (const std::size_t more = threads_.size() - order.size(); more > 0) {
            lines +=
                fmt::format("{} more thread{} not shown.\n", more, more == 1 ? " is" : "s are");
        }
        return lines + cycle_in_words();
    }

    std::string cycle_in_words() const {
        if (cycle_.size() < 2) return {};
        std::string words = capitalised(threads_[cycle_[0]].name) + " waits for ";
        for (std::size_t i = 1; i < cycle_.size() && i < most_threads_shown; ++i) {
            words += threads_[cycle_[i]].name + ", which waits for ";
        }
        if (cycle_.size() > most_threads_shown) words += "others, and so on, up to ";
        return words + threads_[cycle_[0]].name + ": none of them can ever go on.\n";
    }

    const run_result& run_;
    std::vector<owned_stack> stacks_;
    std::vector<portrait> threads_;
    std::vector<std::size_t> cycle_;  ///< Each waits for the next, the last for the first.
};

}  // namespace

hang_report describe_hang(const run_result& run, const std::filesystem::path& program,
                          const std::filesystem::path& answer, const std::filesystem::path& root) {
    return hang_writer(run, program, answer, root).write();
}

}  // namespace interleave
