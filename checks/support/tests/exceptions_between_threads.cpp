// Programs for exception_order.cpp, built with ThreadSanitizer: `handed-over` is correct and must
// not be reported, each of the others races on an exception's member and must be.

#include <atomic>
#include <cstdio>
#include <cstring>
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

struct http_error : std::runtime_error {
    explicit http_error(int code)
        : std::runtime_error("a message that is too long for the string's own buffer"),
          status(code) {}
    int status;
};

/// By packaged_task, promise and async; the reader uses what() and even writes, for it is alone.
void hand_over() {
    std::vector<std::future<std::string>> results;
    std::packaged_task<std::string()> task([]() -> std::string { throw http_error(1); });
    results.push_back(task.get_future());
    std::jthread first(std::move(task));
    std::promise<std::string> promise;
    results.push_back(promise.get_future());
    std::jthread second([promise = std::move(promise)]() mutable {
        try {
            throw http_error(2);
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
    });
    results.push_back(std::async(std::launch::async, []() -> std::string { throw http_error(3); }));
    for (auto& each : results) {
        try {
            each.get();
        } catch (http_error& error) {
            if (std::strlen(error.what()) > 10) error.status = 0;
        }
    }
}

/// The thread that threw writes after it has handed over. Relaxed steps choose who comes first and
/// order nothing.
void write_after(bool writer_first) {
    std::promise<int> promise;
    auto result = promise.get_future();
    std::atomic<int> step = 0;
    const auto wait_for = [&step](int wanted) {
        while (step.load(std::memory_order_relaxed) < wanted) std::this_thread::yield();
    };
    std::jthread writer([&] {
        try {
            throw http_error(1);
        } catch (http_error& error) {
            promise.set_exception(std::current_exception());
            if (!writer_first) wait_for(1);
            error.status = 7;
            step.store(2, std::memory_order_relaxed);
        }
    });
    if (writer_first) wait_for(2);
    try {
        result.get();
    } catch (http_error& error) {
        std::printf("%d\n", error.status);
        if (!writer_first) step.store(1, std::memory_order_relaxed);
        wait_for(2);
    }
}

void two_writers() {
    const std::exception_ptr shared = std::make_exception_ptr(http_error(1));
    std::vector<std::jthread> writers;
    writers.reserve(2);
    for (int i = 0; i < 2; ++i) {
        writers.emplace_back([shared, i] {
            try {
                std::rethrow_exception(shared);
            } catch (http_error& error) {
                error.status = i;
            }
        });
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view mode = argc > 1 ? argv[1] : "";
    if (mode == "handed-over") {
        for (int round = 0; round < 100; ++round) hand_over();
    } else if (mode == "written-after-by-the-first") {
        write_after(true);
    } else if (mode == "written-after-by-the-second") {
        write_after(false);
    } else if (mode == "two-writers") {
        two_writers();
    } else {
        std::fputs("Which program?\n", stderr);
        return 2;
    }
}
