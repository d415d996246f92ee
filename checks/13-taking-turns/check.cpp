#include "parallel_sum.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <vector>

#include "support/exit_watch.hpp"
#include "support/inconclusive.hpp"
#include "support/lock_step.hpp"
#include "support/measurement.hpp"
#include "support/optimized.hpp"
#include "support/speedup.hpp"
#include "support/together.hpp"

namespace {

using work_type = std::function<long(long)>;

/// The sum as a value of its own, whatever the answer returns.
long sum(long items, int threads, const work_type& work) {
    const long total = lesson::parallel_sum(items, threads, work);
    return total;
}

/// Counts the calls for each item, and the threads that make them. Orders nothing between them.
class call_record {
  public:
    explicit call_record(long items) : calls_(static_cast<std::size_t>(items)) {}

    void note(long item) {
        thread_local long seen_by = 0;
        if (seen_by != id_) {
            seen_by = id_;
            threads_.fetch_add(1, std::memory_order_relaxed);
        }
        if (item < 0 || item >= static_cast<long>(calls_.size())) {
            outside_.fetch_add(1, std::memory_order_relaxed);
        } else {
            calls_[static_cast<std::size_t>(item)].fetch_add(1, std::memory_order_relaxed);
        }
    }

    int threads() const { return threads_; }
    int calls_outside() const { return outside_; }

    /// Items that were not worked on exactly once.
    std::vector<long> missed_or_repeated() const {
        std::vector<long> found;
        for (std::size_t i = 0; i < calls_.size(); ++i) {
            if (calls_[i] != 1) found.push_back(static_cast<long>(i));
        }
        return found;
    }

  private:
    static inline std::atomic<long> last_id_ = 0;

    const long id_ = ++last_id_;  ///< Addresses are used again.
    std::vector<std::atomic<int>> calls_;
    std::atomic<int> threads_ = 0;
    std::atomic<int> outside_ = 0;
};

/// 256 items on four threads that go step by step: one run that several cases look at.
struct stepped_run {
    static constexpr long items = 256;
    interleave::lock_step steps{4, items};
    call_record calls{items};
    long total = 0;

    stepped_run() {
        total = sum(items, 4, [this](long item) {
            calls.note(item);
            steps.visit();
            return item;
        });
    }
};

const stepped_run& observed() {
    static const stepped_run run;
    return run;
}

TEST_CASE("the sum is exact, on one thread and on several") {
    const auto work = [](long item) { return item * 10'000'000'000'001; };
    for (const int threads : {1, 2, 3, 4, 7}) {
        CAPTURE(threads);
        const long total = sum(500, threads, work);
        CHECK(total == 1'247'500'000'000'124'750);
    }
}

TEST_CASE("the sum is exact when the threads go step by step") {
    const long total = observed().total;
    CHECK(total == 32'640);
}

TEST_CASE("items beyond a multiple of the threads are each worked on once") {
    for (const long items : {1L, 2L, 3L, 4L, 5L, 7L, 10L, 13L, 101L}) {
        for (const int threads : {1, 3, 4, 8}) {
            CAPTURE(items, threads);
            call_record calls(items);
            const long total = sum(items, threads, [&](long item) {
                calls.note(item);
                return item + 1;
            });
            CHECK(calls.missed_or_repeated() == std::vector<long>{});
            CHECK(calls.calls_outside() == 0);
            CHECK(total == items * (items + 1) / 2);
        }
    }
}

TEST_CASE("no items sum to nothing, and no work is done") {
    for (const int threads : {1, 4}) {
        call_record calls(0);
        const long total = sum(0, threads, [&](long item) {
            calls.note(item);
            return 1L;
        });
        CHECK(total == 0);
        CHECK(calls.calls_outside() == 0);
    }
}

TEST_CASE("two sums at the same time do not mix") {
    long totals[2] = {};
    interleave::run_together(2, [&totals](int which) {
        totals[which] = sum(200, 2, [which](long) { return which + 1L; });
    });
    CHECK(totals[0] == 200);
    CHECK(totals[1] == 400);
}

TEST_CASE("four threads work at the same time", "[no-overlap]") {
    const long times_four_met = observed().steps.steps();
    CHECK(times_four_met > 0);
}

TEST_CASE("nine threads work at the same time", "[no-overlap]") {
    interleave::lock_step nine(9, 360);
    sum(360, 9, [&nine](long item) {
        nine.visit();
        return item;
    });
    const long times_nine_met = nine.steps();
    CHECK(times_nine_met > 0);
}

TEST_CASE("two sums are worked out at the same time", "[no-overlap]") {
    interleave::lock_step more_than_one_sums(3, 400);
    interleave::run_together(2, [&more_than_one_sums](int) {
        sum(200, 2, [&more_than_one_sums](long item) {
            more_than_one_sums.visit();
            return item;
        });
    });
    const long times_both_sums_met = more_than_one_sums.steps();
    CHECK(times_both_sums_met > 0);
}

TEST_CASE("no more threads do the work than were asked for", "[too-many-threads]") {
    CHECK(observed().calls.threads() <= 4);
    call_record calls(200);
    interleave::lock_step one_too_many(4, 200);
    sum(200, 3, [&](long item) {
        calls.note(item);
        one_too_many.visit();
        return item;
    });
    CHECK(one_too_many.steps() == 0);
    CHECK(calls.threads() <= 3);
}

TEST_CASE("none of four threads runs out of work long before the others", "[imbalance]") {
    INFO("All four worked on an item each "
         << observed().steps.steps() << " times; with even shares it is 47 times at the least.");
    const bool waited_in_vain = observed().steps.gave_up();
    CHECK_FALSE(waited_in_vain);
}

TEST_CASE("no thread outlives the call", "[unjoined-thread]") {
    interleave::exit_watch watch;
    sum(64, 4, [&watch](long item) {
        watch.note_thread();
        return item;
    });
    const int still_running = watch.still_running();
    CHECK(still_running == 0);
}

TEST_CASE("on several cores the sum is ready sooner than on one", "[speedup][too-slow]") {
    const auto seen = interleave::measure_speedup(sum);
    interleave::report_measurement("speedup", seen.answer, "x");
    interleave::report_measurement("speedup of plain threads", seen.machine, "x");
    CHECK(seen.wrong_sums == 0);
    if (!seen.conclusive()) throw interleave::inconclusive(seen.why_inconclusive());
    CHECK(seen.best_answer >= seen.required);
}

}  // namespace
