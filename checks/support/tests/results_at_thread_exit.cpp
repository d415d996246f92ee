// Programs for thread_exit_order.cpp, built with ThreadSanitizer: each is correct and must not be
// reported, but for the last two, which race and must be.

#include <cstdio>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

const std::string text = "long enough for memory of its own, and then some";

int value() {
    std::promise<std::string> promise;
    auto result = promise.get_future();
    std::thread([](auto mine) { mine.set_value_at_thread_exit(text); }, std::move(promise))
        .detach();
    return result.get() == text ? 0 : 1;
}

int exception() {
    std::promise<std::string> promise;
    auto result = promise.get_future();
    const auto fail = [](auto mine) {
        mine.set_exception_at_thread_exit(std::make_exception_ptr(std::runtime_error(text)));
    };
    std::thread(fail, std::move(promise)).detach();
    try {
        result.get();
    } catch (const std::runtime_error&) {
        return 0;
    }
    return 1;
}

int task() {
    std::packaged_task<std::string()> task([] { return text; });
    auto result = task.get_future();
    std::thread([](auto mine) { mine.make_ready_at_thread_exit(); }, std::move(task)).detach();
    return result.get() == text ? 0 : 1;
}

/// The thread goes on after it has set the value; all of that comes before the result is ready.
int done_after_setting() {
    long sum = 0;
    std::promise<void> promise;
    const auto done = promise.get_future();
    const auto add = [&sum](auto mine) {
        mine.set_value_at_thread_exit();
        for (int i = 0; i < 1'000; ++i) ++sum;
    };
    std::thread(add, std::move(promise)).detach();
    done.wait();
    return sum == 1'000 ? 0 : 1;
}

int read_without_waiting() {
    long sum = 0;
    std::promise<void> promise;
    const auto done = promise.get_future();
    const auto add = [&sum](auto mine) {
        mine.set_value_at_thread_exit();
        sum = 1;
    };
    std::thread(add, std::move(promise)).detach();
    const long seen = sum;
    done.wait();
    return seen <= sum ? 0 : 1;
}

/// Both results are waited for, but the two threads do not wait for each other.
int two_writers() {
    long sum = 0;
    std::promise<void> promises[2];
    std::future<void> done[] = {promises[0].get_future(), promises[1].get_future()};
    for (auto& promise : promises) {
        const auto add = [&sum](auto mine) {
            mine.set_value_at_thread_exit();
            for (int i = 0; i < 1'000; ++i) ++sum;
        };
        std::thread(add, std::move(promise)).detach();
    }
    for (auto& each : done) each.wait();
    return sum <= 2'000 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view mode = argc == 2 ? argv[1] : "";
    if (mode == "value") return value();
    if (mode == "exception") return exception();
    if (mode == "task") return task();
    if (mode == "done-after-setting") return done_after_setting();
    if (mode == "read-without-waiting") return read_without_waiting();
    if (mode == "two-writers") return two_writers();
    std::fputs("usage: results_at_thread_exit MODE\n", stderr);
    return 2;
}
