// The same three programs in Relacy's own types. Prints how many executions Relacy made, and
// the seconds of processor time that they took.
//
// usage: relacy_bench mutex|atomic|queue EXECUTIONS

#include <relacy/relacy.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sstream>

namespace {

struct mutex_counter : rl::test_suite<mutex_counter, 3> {
    rl::mutex guard;
    rl::var<int> count;

    void before() { count($) = 0; }
    void thread(unsigned) {
        for (int i = 0; i < 10; ++i) {
            guard.lock($);
            count($) = count($) + 1;
            guard.unlock($);
        }
    }
    void after() { RL_ASSERT(count($) == 30); }
};

struct atomic_counter : rl::test_suite<atomic_counter, 3> {
    rl::atomic<int> count;

    void before() { count.store(0, rl::mo_relaxed, $); }
    void thread(unsigned) {
        for (int i = 0; i < 20; ++i) count.fetch_add(1, rl::mo_relaxed, $);
    }
    void after() { RL_ASSERT(count.load(rl::mo_relaxed, $) == 60); }
};

struct bounded_queue : rl::test_suite<bounded_queue, 4> {
    rl::mutex guard;
    rl::condition_variable not_empty, not_full;
    rl::var<int> slots[2];
    rl::var<int> first, count, sum;

    void before() {
        first($) = 0;
        count($) = 0;
        sum($) = 0;
    }
    void push(int item) {
        guard.lock($);
        while (count($) == 2) not_full.wait(guard, $);
        slots[(first($) + count($)) % 2]($) = item;
        count($) = count($) + 1;
        not_empty.notify_one($);
        guard.unlock($);
    }
    void pop() {
        guard.lock($);
        while (count($) == 0) not_empty.wait(guard, $);
        sum($) = sum($) + slots[first($)]($);
        first($) = (first($) + 1) % 2;
        count($) = count($) - 1;
        not_full.notify_one($);
        guard.unlock($);
    }
    void thread(unsigned me) {
        for (int i = 1; i <= 3; ++i) {
            if (me < 2) {
                push(i);
            } else {
                pop();
            }
        }
    }
    void after() { RL_ASSERT(sum($) == 12); }
};

template <class Scenario>
bool simulate(long executions) {
    std::ostringstream ignored;
    rl::test_params how;
    how.iteration_count = static_cast<rl::iteration_t>(executions);
    how.output_stream = &ignored;
    how.progress_stream = &ignored;
    how.search_type = rl::random_scheduler_type;
    const std::clock_t start = std::clock();
    const bool clean = rl::simulate<Scenario>(how);
    const std::clock_t taken = std::clock() - start;
    std::printf("%ld %.6f\n", executions, static_cast<double>(taken) / CLOCKS_PER_SEC);
    if (!clean) std::fputs(ignored.str().c_str(), stderr);
    return clean;
}

}  // namespace

int main(int argc, char** argv) {
    const long executions = argc == 3 ? std::atol(argv[2]) : 0;
    if (executions > 0 && std::strcmp(argv[1], "mutex") == 0) {
        return simulate<mutex_counter>(executions) ? 0 : 1;
    }
    if (executions > 0 && std::strcmp(argv[1], "atomic") == 0) {
        return simulate<atomic_counter>(executions) ? 0 : 1;
    }
    if (executions > 0 && std::strcmp(argv[1], "queue") == 0) {
        return simulate<bounded_queue>(executions) ? 0 : 1;
    }
    std::fputs("usage: relacy_bench mutex|atomic|queue EXECUTIONS\n", stderr);
    return 2;
}
