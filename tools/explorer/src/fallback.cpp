// explore() where interleavings cannot be controlled: the body runs again and again on real
// threads. A deadlock stays a deadlock; whoever runs the program limits its time.

#include <atomic>
#include <chrono>
#include <mutex>

#include "interleave/explore.hpp"
#include "publish.hpp"
#include "settings.hpp"

namespace interleave::detail {
namespace {

constexpr long most_runs = 200;  // a real thread costs a thousand times a fiber

struct broken_expectation {
    std::mutex guard;
    std::atomic<bool> seen{false};
    std::string expression, file;
    int line = 0;
};

broken_expectation& first_broken() {
    static broken_expectation first;
    return first;
}

std::string what(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "not derived from std::exception";
    }
}

}  // namespace

bool exploring() noexcept {
    return false;
}

void expect(bool holds, const char* expression, const char* file, int line) {
    if (holds) return;
    broken_expectation& first = first_broken();
    const std::lock_guard lock(first.guard);
    if (first.seen.load(std::memory_order_relaxed)) return;
    first.expression = expression;
    first.file = file;
    first.line = line;
    first.seen.store(true, std::memory_order_relaxed);
}

result run(body_function body, void* context, const options& given) {
    const options how = with_environment(given);
    const auto start = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    broken_expectation& broken = first_broken();
    broken.seen.store(false, std::memory_order_relaxed);

    result r;
    r.sampled = true;
    r.seed = how.seed;
    const long runs = how.executions > 0 && how.executions < most_runs ? how.executions : most_runs;
    while (r.executions < runs && !r.failed && !r.out_of_time) {
        ++r.executions;
        try {
            body(context);
        } catch (const std::exception&) {
            r.failed = true;
            r.kind = failure::uncaught_exception;
            r.message = "An exception left the body: " + what(std::current_exception()) + ".";
        }
        if (broken.seen.load(std::memory_order_relaxed)) {
            const std::lock_guard lock(broken.guard);
            r.failed = true;
            r.kind = failure::wrong_result;
            r.file = broken.file;
            r.line = broken.line;
            r.message = "EXPECT(" + broken.expression + ") does not hold (" + broken.file + ":" +
                        std::to_string(broken.line) + ").";
        }
        r.out_of_time = elapsed() > how.seconds;
    }
    r.seconds = elapsed();
    publish(r);
    return r;
}

}  // namespace interleave::detail

bool interleave::controls_interleavings() noexcept {
    return false;
}
