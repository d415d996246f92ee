#include "runner/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>

#include "runner/asked_stack.hpp"
#include "runner/process_arguments.hpp"
#include "runner/process_channel.hpp"
#include "runner/process_keeper.hpp"
#include "runner/process_output.hpp"
#include "runner/process_tree.hpp"

namespace interleave {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// One run: the keeper, the streams and the limits.
class supervisor {
  public:
    supervisor(const command& what, std::stop_token stop,
               const std::function<void(std::string_view)>& on_event)
        : what_(what), stop_(std::move(stop)), on_event_(on_event) {}

    supervisor(const supervisor&) = delete;
    supervisor& operator=(const supervisor&) = delete;

    /// Also on the way out of an exception: nothing of the run stays behind.
    ~supervisor() {
        control_.reset();
        if (keeper_ > 0) waitpid(keeper_, nullptr, 0);
    }

    run_result run() {
        if (stop_.stop_requested()) {
            result_.ended = ending::cancelled;
            return std::move(result_);
        }
        start();
        const std::stop_callback wake(stop_, [this] { eventfd_write(wake_.get(), 1); });
        while (!over_) {
            step(next_look_);
            if (!over_ && !ending_) look();
        }
        finish();
        return std::move(result_);
    }

  private:
    enum stream { report, out, err, events, stream_count };

    void start() {
        if (what_.arguments.empty()) throw process_error("There is no program to run.");
        std::vector<std::string> environment = environment_of(what_);
        std::vector<std::string> arguments = what_.arguments;
        const std::string path = find_program(arguments.front(), environment);
        const std::string directory = what_.directory.string();
        const std::vector<char*> argument_pointers = pointers_to(arguments);
        const std::vector<char*> environment_pointers = pointers_to(environment);

        wake_ = descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        if (wake_.get() < 0) cannot("open a channel to a new process", errno);
        const descriptor in = above_the_standard_ones(open("/dev/null", O_RDWR | O_CLOEXEC));
        channel control = open_channel();
        std::array<channel, stream_count> streams;
        for (int i = 0; i < stream_count; ++i) {
            if (i != events || what_.events) streams[i] = open_channel();
        }
        const auto cpu_seconds = static_cast<std::uint64_t>(what_.cpu_limit.count() / 1000 + 5);
        const launch how{.path = path.c_str(),
                         .arguments = argument_pointers.data(),
                         .environment = environment_pointers.data(),
                         .directory = directory.empty() ? nullptr : directory.c_str(),
                         .in = in.get(),
                         .out = streams[out].write.get(),
                         .err = streams[err].write.get(),
                         .events = streams[events].write.get(),
                         .report = streams[report].write.get(),
                         .control = control.read.get(),
                         .cpu_seconds = cpu_seconds,
                         .address_space_randomised = what_.address_space_randomised,
                         .one_processor = what_.one_processor};
        begin_ = clock::now();
        keeper_ = start_keeper(how);
        if (keeper_ < 0) cannot("start a process for " + path, errno);
        program_ = path;
        control_ = std::move(control.write);
        for (int i = 0; i < stream_count; ++i) {
            streams_[i] = std::move(streams[i].read);
            if (streams_[i].get() >= 0) fcntl(streams_[i].get(), F_SETFL, O_NONBLOCK);
        }
        last_look_ = begin_;
        next_look_ = begin_ + first_interval;
    }

    /// Waits until something is to be read, or until `deadline`, and takes it in.
    void step(clock::time_point deadline) {
        std::array<pollfd, stream_count + 1> waits;
        for (int i = 0; i < stream_count; ++i) waits[i] = {streams_[i].get(), POLLIN, 0};
        waits[stream_count] = {ending_ ? -1 : wake_.get(), POLLIN, 0};
        const auto left = std::chrono::ceil<milliseconds>(deadline - clock::now()).count();
        const int timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
        if (poll(waits.data(), waits.size(), timeout) < 0 && errno != EINTR) {
            cannot("wait for " + program_, errno);
        }
        for (int i = stream_count - 1; i >= 0; --i) {
            if (waits[i].revents != 0) read_some(static_cast<stream>(i));
        }
        if (waits[stream_count].revents != 0) end(ending::cancelled);
        if (ending_ && !over_ && clock::now() > give_up_) {
            kill(keeper_, SIGKILL);
            throw process_error("A process that " + program_ +
                                " started could not be ended. Is it stuck in a device?");
        }
    }

    /// Reads once; false at the end of the stream and when there is nothing now.
    bool read_some(stream from) {
        char buffer[65536];
        const ssize_t got = read(streams_[from].get(), buffer, sizeof buffer);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
        if (got <= 0) {
            streams_[from].reset();
            if (from == report) over_ = true;
            return false;
        }
        const std::string_view text(buffer, static_cast<std::size_t>(got));
        switch (from) {
            case report:
                take_report(text);
                break;
            case out:
                out_.append(text);
                break;
            case err:
                err_.append(text);
                break;
            default:
                event_bytes_ += text.size();
                lines_.append(text, [this](std::string_view line) { take_event(line); });
        }
        if (out_.size() + err_.size() + event_bytes_ > what_.output_kill) end(ending::output_limit);
        return true;
    }

    void take_report(std::string_view bytes) {
        for (; bytes.size() >= sizeof(keeper_message);
             bytes.remove_prefix(sizeof(keeper_message))) {
            keeper_message message;
            std::memcpy(&message, bytes.data(), sizeof message);
            switch (message.what) {
                case keeper_message::event::started:
                    command_ = message.value;
                    watch_.emplace(command_, what_.sanitizer_helper);
                    break;
                case keeper_message::event::not_started:
                    launch_failure_ = message;
                    break;
                case keeper_message::event::ended:
                    last_words_ = message;
                    over_ = true;
                    break;
            }
        }
    }

    void take_event(std::string_view line) {
        if (const std::string& key = what_.event_key; !key.empty()) {
            if (!line.starts_with(key) || line.substr(key.size(), 1) != " ") {
                ++result_.foreign_events;
                return;
            }
            line.remove_prefix(key.size() + 1);
        }
        if (auto stack = parse_asked_stack(line)) {
            stacks_[stack->first].push_back(std::move(stack->second));
            return;
        }
        asleep_looks_ = 0;
        result_.events.append(line).append("\n");
        if (on_event_) on_event_(line);
    }

    /// The first reason to end the run counts.
    void end(ending why) {
        if (ending_) return;
        ending_ = why;
        give_up_ = clock::now() + std::chrono::seconds(10);
        control_.reset();
    }

    /// Compares what the tree of processes has used with what it may use.
    void look() {
        const auto now = clock::now();
        if (now < next_look_) return;
        // This process may have been stopped for a while, and the command with it.
        const auto passed = std::min<clock::duration>(now - last_look_, longest_between_looks);
        last_look_ = now;
        running_ += passed;
        quiet_ += passed;
        if (!decided_ && what_.decided && what_.decided()) {
            decided_ = true;
            wall_limit_ = std::min<clock::duration>(wall_limit_, running_ + what_.decided_limit);
        }
        if (running_ >= wall_limit_) return end_with_stacks(ending::wall_limit);
        if (command_ > 0) {
            const auto used = process_tree::read_usage(keeper_);
            if (used.resident > what_.memory_limit) return end(ending::memory_limit);
            if (used.cpu >= what_.cpu_limit) return end_with_stacks(ending::cpu_limit);
            if (stands_still(used.processes)) return;
        }
        // Looking costs at most a twentieth of the time.
        const auto cost = clock::now() - now;
        const bool soon = asleep_ || running_ < 4 * usual_interval;
        next_look_ =
            now + std::max<clock::duration>(soon ? first_interval : usual_interval, 20 * cost);
        const auto to_the_limit = wall_limit_ - running_;
        next_look_ =
            std::min(next_look_, now + std::max<clock::duration>(to_the_limit, first_interval));
    }

    bool stands_still(const std::vector<pid_t>& processes) {
        asleep_ = false;
        if (what_.watch_blocked) {
            const auto finding = watch_->look();
            asleep_ = finding == blocked_watch::finding::asleep;
            if (finding == blocked_watch::finding::proven) {
                end_with_stacks(ending::blocked);
                return true;
            }
        }
        auto sleepers = process_tree::all_asleep(processes);
        // One that waits for another thread for as long as it takes does not nap.
        if (sleepers && !asleep_ && ++asleep_looks_ >= what_.asleep_limit) {
            end_with_stacks(ending::napping);
            return true;
        }
        if (!sleepers || sleepers != sleepers_) {
            sleepers_ = std::move(sleepers);
            quiet_ = {};
        } else if (quiet_ >= what_.idle_limit) {
            end_with_stacks(ending::idle);
            return true;
        }
        return false;
    }

    /// Asks every thread of the command where it stands, then ends the run.
    void end_with_stacks(ending why) {
        if (what_.events) {
            result_.blocked = inspect_threads(command_);
            const bool running = why == ending::cpu_limit || why == ending::wall_limit;
            const int rounds = running ? 3 : 1;
            for (int round = 0; round < rounds && !over_ && !ending_; ++round) ask_for_stacks();
            for (blocked_thread& thread : result_.blocked) {
                auto& stacks = stacks_[thread.id];
                if (stacks.empty()) continue;
                thread.stack = std::move(stacks.front());
                thread.later_stacks.assign(std::make_move_iterator(stacks.begin() + 1),
                                           std::make_move_iterator(stacks.end()));
            }
        } else {
            result_.blocked = inspect_threads(command_);
        }
        if (!over_) end(why);
    }

    void ask_for_stacks() {
        constexpr std::size_t most_threads = 64;
        constexpr std::uint64_t signal_bit = std::uint64_t{1} << (SIGUSR2 - 1);
        std::map<pid_t, std::size_t> awaited;
        for (const pid_t thread : process_tree::threads(command_)) {
            const auto status = process_tree::read_thread(command_, thread);
            // Without a handler the signal would end the process.
            if (!status || (status->caught & signal_bit) == 0) return;
            if ((status->held_back & signal_bit) != 0 || status->state == 'Z') continue;
            if (awaited.size() == most_threads) break;
            awaited[status->inner] = stacks_[status->inner].size() + 1;
            syscall(SYS_tgkill, command_, thread, SIGUSR2);
        }
        const auto deadline = clock::now() + std::chrono::seconds(1);
        const auto answered = [&] {
            return std::all_of(awaited.begin(), awaited.end(), [&](const auto& each) {
                return stacks_[each.first].size() >= each.second;
            });
        };
        while (!over_ && !ending_ && !answered() && clock::now() < deadline) step(deadline);
    }

    void finish() {
        while (waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
        }
        keeper_ = -1;
        // Everybody who wrote is gone: what is not in the pipes now will never be.
        for (const stream from : {events, out, err}) {
            while (streams_[from].get() >= 0 && read_some(from)) {
            }
        }
        lines_.finish([this](std::string_view line) { take_event(line); });
        if (launch_failure_) throw process_error(sentence_of(*launch_failure_));

        result_.wall = std::chrono::duration_cast<milliseconds>(clock::now() - begin_);
        result_.out = out_.text();
        result_.err = err_.text();
        // A keeper that says nothing was itself killed, by the command or by the system.
        int status = SIGKILL;
        if (last_words_) {
            result_.cpu = milliseconds(last_words_->cpu_microseconds / 1000);
            status = last_words_->value;
        } else if (command_ > 0 && !ending_) {
            kill(-command_, SIGKILL);
        }
        if (ending_) {
            result_.ended = *ending_;
        } else if (WIFEXITED(status)) {
            result_.ended = ending::exited;
            result_.status = WEXITSTATUS(status);
        } else {
            result_.status = WTERMSIG(status);
            result_.ended = result_.status == SIGXCPU ? ending::cpu_limit : ending::signalled;
        }
    }

    std::string sentence_of(const keeper_message& failure) const {
        const std::string reason = std::strerror(failure.error);
        switch (static_cast<launch_step>(failure.value)) {
            case launch_step::directory:
                return "Cannot run " + program_ + " in " + what_.directory.string() + ": " +
                       reason + ".";
            case launch_step::randomisation:
                return "Cannot run " + program_ +
                       " without address-space randomisation: " + reason + ".";
            case launch_step::execute:
                return "Cannot run " + program_ + ": " + reason + ".";
            default:
                return "Cannot start a process for " + program_ + ": " + reason + ".";
        }
    }

    static constexpr milliseconds first_interval{15};
    static constexpr milliseconds usual_interval{50};
    static constexpr milliseconds longest_between_looks{1000};

    const command& what_;
    std::stop_token stop_;
    const std::function<void(std::string_view)>& on_event_;
    run_result result_;

    std::string program_;
    pid_t keeper_ = -1;
    pid_t command_ = -1;
    descriptor wake_;     ///< Readable once a stop is requested.
    descriptor control_;  ///< Closing it has the keeper end everything.
    std::array<descriptor, stream_count> streams_;
    kept_output out_{what_.output_limit};
    kept_output err_{what_.output_limit};
    line_splitter lines_;
    std::size_t event_bytes_ = 0;
    std::map<pid_t, std::vector<std::vector<std::uintptr_t>>> stacks_;

    clock::time_point begin_;
    clock::time_point next_look_;
    clock::time_point give_up_;
    clock::time_point last_look_;
    clock::duration running_{};  ///< As long as this process was looking.
    clock::duration quiet_{};    ///< Of it, since a thread of the command was last scheduled.
    clock::duration wall_limit_{what_.wall_limit};
    bool decided_ = false;
    std::optional<std::vector<process_tree::thread_status>> sleepers_;
    int asleep_looks_ = 0;  ///< Since the last event.
    std::optional<blocked_watch> watch_;
    bool asleep_ = false;  ///< The watch wants another look soon.

    std::optional<ending> ending_;  ///< Why the run was ended, once it was.
    bool over_ = false;             ///< The keeper has no more to say.
    std::optional<keeper_message> launch_failure_;
    std::optional<keeper_message> last_words_;
};

}  // namespace

run_result run(const command& what, std::stop_token stop,
               const std::function<void(std::string_view line)>& on_event) {
    return supervisor(what, std::move(stop), on_event).run();
}

}  // namespace interleave
