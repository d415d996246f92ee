#include "learn/background_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace interleave {

background_run::background_run(runner& judge) : runner_(judge) {
    if (pipe(pipe_) != 0) throw std::runtime_error("No pipe can be opened.");
    for (const int end : pipe_) {
        fcntl(end, F_SETFL, O_NONBLOCK);
        fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    runner_.builds().progress = [this](const std::string& step) {
        change([&](snapshot& now) { now.doing = step; });
    };
}

background_run::~background_run() {
    stop();
    runner_.builds().progress = nullptr;
    close(pipe_[0]);
    close(pipe_[1]);
}

void background_run::change(const std::function<void(snapshot&)>& how) {
    {
        std::lock_guard lock(mutex_);
        how(state_);
    }
    const char something = 1;
    // A full pipe already says that there is something new.
    [[maybe_unused]] const ssize_t written = write(pipe_[1], &something, 1);
}

background_run::snapshot background_run::look() {
    char news[64];
    while (read(pipe_[0], news, sizeof news) > 0) {
    }
    std::lock_guard lock(mutex_);
    return state_;
}

void background_run::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
}

void background_run::clear() {
    stop();
    change([](snapshot& now) { now = {}; });
}

void background_run::start(const lesson& what, const answer& whose) {
    stop();
    change([](snapshot& now) {
        now = {};
        now.running = true;
        now.doing = "build";
    });
    thread_ = std::jthread(
        [this, &what, whose](const std::stop_token& stopping) { work(what, whose, stopping); });
}

void background_run::work(const lesson& what, const answer& whose,
                          const std::stop_token& stopping) {
    try {
        const run_observer observer{
            .started =
                [this](stage which) {
                    change([&](snapshot& now) { now.doing = std::string(name(which)); });
                },
            .finished =
                [this](const stage_result& result) {
                    change([&](snapshot& now) {
                        std::erase_if(now.ahead, [&](const stage_result& each) {
                            return each.which == result.which;
                        });
                        now.stages.push_back(result);
                    });
                },
            .failed_ahead =
                [this](const stage_result& result) {
                    change([&](snapshot& now) { now.ahead.push_back(result); });
                }};
        verdict record = runner_.run(what, whose, {}, observer, stopping);
        if (stopping.stop_requested()) return;
        change([&](snapshot& now) {
            now.running = false;
            now.record = std::move(record);
        });
    } catch (const std::exception& error) {
        if (stopping.stop_requested()) return;
        change([&](snapshot& now) {
            now.running = false;
            now.failure = error.what();
        });
    }
}

}  // namespace interleave
