#include "bounded_queue.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "support/interleavings.hpp"
#include "support/together.hpp"
#include "support/waiting_call.hpp"

namespace {

using interleave::holds_in_every_interleaving;
using interleave::in_parallel;
using interleave::waiting_call;
using lesson::bounded_queue;

/// What pop() gave, or -1 when it gave nothing.
long popped(bounded_queue<long>& queue) {
    const std::optional<long> item = queue.pop();
    return item.value_or(-1);
}

TEST_CASE(
    "as many items as its capacity fit in, and they come out in the order of their going in") {
    bounded_queue<long> queue(3);
    for (long item = 1; item <= 3; ++item) {
        const bool in = queue.push(item);
        CHECK(in);
    }
    const long first = popped(queue);
    const bool in = queue.push(4);
    CHECK(in);
    std::vector<long> rest;
    rest.reserve(3);
    for (int i = 0; i < 3; ++i) rest.push_back(popped(queue));
    CHECK(first == 1);
    CHECK(rest == std::vector<long>{2, 3, 4});
}

TEST_CASE("a queue for one item is used again and again") {
    bounded_queue<long> queue(1);
    for (long item = 0; item < 5; ++item) {
        const bool in = queue.push(item);
        const long out = popped(queue);
        CHECK(in);
        CHECK(out == item);
    }
}

TEST_CASE("what was put in before the close is taken out after it, and then there is nothing") {
    bounded_queue<long> queue(3);
    queue.push(1);
    queue.push(2);
    queue.close();
    queue.close();
    std::vector<long> out;
    out.reserve(4);
    for (int i = 0; i < 4; ++i) out.push_back(popped(queue));
    CHECK(out == std::vector<long>{1, 2, -1, -1});
}

TEST_CASE("a closed queue lets nothing in, whether there is room or not") {
    bounded_queue<long> queue(1);
    queue.push(1);
    queue.close();
    const bool when_full = queue.push(2);
    const long out = popped(queue);
    const bool when_empty = queue.push(3);
    const long nothing = popped(queue);
    CHECK_FALSE(when_full);
    CHECK(out == 1);
    CHECK_FALSE(when_empty);
    CHECK(nothing == -1);
}

TEST_CASE("a closed queue stays closed, however often it is asked") {
    bounded_queue<long> queue(1);
    queue.close();
    int in = 0;
    int out = 0;
    for (int i = 0; i < 300; ++i) {
        if (queue.push(i)) ++in;
        if (queue.pop().has_value()) ++out;
    }
    CHECK(in == 0);
    CHECK(out == 0);
}

TEST_CASE("nobody waits for work that is finished, or that was never let in") {
    bounded_queue<long> queue(2);
    queue.join();
    for (int round = 0; round < 2; ++round) {
        queue.push(1);
        queue.push(2);
        for (int i = 0; i < 2; ++i) {
            queue.pop();
            queue.task_done();
        }
        queue.join();
    }
    queue.close();
    if (queue.push(3)) queue.task_done();  // was let in: another case's business
    queue.join();
    SUCCEED("every call returned");
}

TEST_CASE("items need not be copied") {
    bounded_queue<std::unique_ptr<long>> queue(2);
    queue.push(std::make_unique<long>(7));
    std::optional<std::unique_ptr<long>> item = queue.pop();
    REQUIRE(item.has_value());
    REQUIRE(*item != nullptr);
    const long value = **item;
    CHECK(value == 7);
}

TEST_CASE("two queues fill up and close apart") {
    bounded_queue<long> mine(1);
    bounded_queue<long> yours(1);
    mine.push(1);
    const bool room = yours.push(2);
    mine.close();
    const long out = popped(yours);
    const bool open = yours.push(3);
    CHECK(room);
    CHECK(out == 2);
    CHECK(open);
}

TEST_CASE("who pushes into a full queue waits until an item is taken out") {
    bounded_queue<long> queue(2);
    queue.push(1);
    queue.push(2);
    bool in = false;
    waiting_call push([&] { in = queue.push(3); });
    push.falls_asleep();
    const bool early = push.returned();
    std::vector<long> out{popped(queue)};
    push.join();
    queue.close();
    out.push_back(popped(queue));
    out.push_back(popped(queue));
    CHECK_FALSE(early);
    CHECK(in);
    CHECK(out == std::vector<long>{1, 2, 3});
}

TEST_CASE("who joins waits for the work on an item, not for its being taken out") {
    bounded_queue<long> queue(2);
    queue.push(1);
    queue.push(2);
    queue.pop();
    queue.task_done();
    queue.pop();
    waiting_call join([&] { queue.join(); });
    join.falls_asleep();
    const bool early = join.returned();
    queue.task_done();
    join.join();
    CHECK_FALSE(early);
}

TEST_CASE("the end of a queue is not the end of the work that was let in") {
    bounded_queue<long> queue(1);
    queue.push(1);
    waiting_call join([&] { queue.join(); });
    join.falls_asleep();
    queue.close();
    join.falls_asleep();
    const bool early = join.returned();
    queue.pop();
    queue.task_done();
    join.join();
    CHECK_FALSE(early);
}

TEST_CASE("the end of an empty queue is not the end of the work on what was taken out") {
    bounded_queue<long> queue(1);
    queue.push(1);
    queue.pop();
    queue.close();
    waiting_call join([&] { queue.join(); });
    join.falls_asleep();
    const bool early = join.returned();
    queue.task_done();
    join.join();
    CHECK_FALSE(early);
}

TEST_CASE("who has to wait sleeps until another thread wakes it", "[livelock]") {
    bounded_queue<long> queue(1);
    waiting_call pop([&] { queue.pop(); });
    const bool pop_asleep = pop.falls_asleep();
    queue.push(1);
    pop.join();
    waiting_call join([&] { queue.join(); });
    const bool join_asleep = join.falls_asleep();
    queue.task_done();
    join.join();
    queue.push(2);
    waiting_call push([&] { queue.push(3); });
    const bool push_asleep = push.falls_asleep();
    queue.pop();
    push.join();
    CHECK(pop_asleep);
    CHECK(join_asleep);
    CHECK(push_asleep);
}

TEST_CASE("of 200 items from four threads to four others, each arrives once, and in order") {
    constexpr long each = 50;
    bounded_queue<long> queue(3);
    std::array<std::vector<long>, 4> got;
    std::atomic<int> producers = 4;
    interleave::run_together(9, [&](int thread) {
        const auto self = static_cast<std::size_t>(thread % 4);
        if (thread < 4) {
            for (long i = 0; i < each; ++i) queue.push(thread * each + i);
            if (--producers > 0) return;
            queue.join();
            queue.close();
        } else if (thread < 8) {
            while (const std::optional<long> item = queue.pop()) {
                got[self].push_back(*item);
                queue.task_done();
            }
        } else {
            queue.join();
        }
    });
    std::vector<int> times(4 * each, 0);
    bool in_order = true;
    for (const std::vector<long>& one : got) {
        std::array<long, 4> last{-1, -1, -1, -1};
        for (const long item : one) {
            ++times[static_cast<std::size_t>(item)];
            long& before = last[static_cast<std::size_t>(item / each)];
            if (item <= before) in_order = false;
            before = item;
        }
    }
    const long arrived_once = std::count(times.begin(), times.end(), 1);
    CHECK(arrived_once == 4 * each);
    CHECK(in_order);
}

TEST_CASE("one thread's items come to another in their order, each when there is room for it",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        std::vector<long> got;
        in_parallel(
            [&] {
                for (long item = 1; item <= 3; ++item) EXPECT(queue.push(item));
                queue.close();
            },
            [&] {
                while (const std::optional<long> item = queue.pop()) got.push_back(*item);
            });
        EXPECT(got == (std::vector<long>{1, 2, 3}));
    });
}

TEST_CASE("two threads that wait for items both get one", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        long one = 0;
        long other = 0;
        in_parallel([&] { one = popped(queue); }, [&] { other = popped(queue); },
                    [&] {
                        EXPECT(queue.push(1));
                        EXPECT(queue.push(2));
                    });
        EXPECT((one == 1 && other == 2) || (one == 2 && other == 1));
    });
}

TEST_CASE("two threads that wait for room both get in", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        long sum = 0;
        in_parallel([&] { EXPECT(queue.push(1)); }, [&] { EXPECT(queue.push(2)); },
                    [&] {
                        sum += popped(queue);
                        sum += popped(queue);
                    });
        EXPECT(sum == 3);
    });
}

TEST_CASE("three items that come at once find all the threads that wait for them",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(3);
        std::atomic<long> sum = 0;
        const auto take = [&] { sum += popped(queue); };
        in_parallel(take, take, take, [&] {
            for (const long item : {1, 2, 4}) EXPECT(queue.push(item));
        });
        EXPECT(sum == 7);
    });
}

TEST_CASE("three places that come free at once find all the threads that wait for them",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(3);
        for (const long item : {1, 2, 3}) EXPECT(queue.push(item));
        in_parallel([&] { EXPECT(queue.push(4)); }, [&] { EXPECT(queue.push(5)); },
                    [&] { EXPECT(queue.push(6)); },
                    [&] {
                        for (const long item : {1, 2, 3}) EXPECT(popped(queue) == item);
                    });
        EXPECT(popped(queue) + popped(queue) + popped(queue) == 15);
    });
}

TEST_CASE("of two items that are put in at once, neither is taken out before it is in",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(2);
        long sum = 0;
        in_parallel([&] { EXPECT(queue.push(1)); }, [&] { EXPECT(queue.push(2)); },
                    [&] {
                        sum += popped(queue);
                        sum += popped(queue);
                    });
        EXPECT(sum == 3);
    });
}

TEST_CASE("of two items that are taken out at once, the place of neither is free before it is out",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(2);
        EXPECT(queue.push(1));
        EXPECT(queue.push(2));
        std::atomic<long> sum = 0;
        const auto take = [&] { sum += popped(queue); };
        in_parallel(take, take, [&] { EXPECT(queue.push(4)); });
        EXPECT(sum == 3);
        EXPECT(popped(queue) == 4);
    });
}

TEST_CASE("there are never more items in it than its capacity", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        std::atomic<int> asked = 0;  // calls of pop() that have begun
        std::atomic<int> in = 0;     // calls of push() that have returned
        const auto push_one = [&] {
            EXPECT(queue.push(1));
            const int now = ++in;
            EXPECT(now <= 1 + asked);
        };
        in_parallel(push_one, push_one, push_one, [&] {
            for (int i = 0; i < 2; ++i) {
                ++asked;
                EXPECT(popped(queue) == 1);
            }
        });
    });
}

TEST_CASE("what was written before an item was pushed can be read by who takes it out",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long*> queue(1);
        long letters[] = {0, 0};
        in_parallel(
            [&] {
                for (long& letter : letters) {
                    letter = 5;
                    EXPECT(queue.push(&letter));
                }
            },
            [&] {
                for (int i = 0; i < 2; ++i) {
                    const std::optional<long*> letter = queue.pop();
                    EXPECT(letter.has_value() && *letter != nullptr && **letter == 5);
                }
            });
    });
}

TEST_CASE("a close is heard by everybody who waits for an item", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        const auto find_nothing = [&] { EXPECT(popped(queue) == -1); };
        in_parallel(find_nothing, find_nothing, [&] { queue.close(); });
    });
}

TEST_CASE("a close is heard by everybody who waits for room, and nothing of theirs is let in",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        EXPECT(queue.push(1));
        in_parallel([&] { EXPECT(!queue.push(2)); }, [&] { EXPECT(!queue.push(3)); },
                    [&] { queue.close(); });
        EXPECT(popped(queue) == 1);
        EXPECT(popped(queue) == -1);
        queue.task_done();
        queue.join();
    });
}

TEST_CASE("of two who wait for an item, one gets the last one, and the other hears the close",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        std::atomic<long> sum = 0;
        const auto take = [&] { sum += popped(queue); };
        in_parallel(take, take, [&] {
            EXPECT(queue.push(5));
            queue.close();
        });
        EXPECT(sum == 5 - 1);  // the item, and nothing
    });
}

TEST_CASE("of two who wait for room, one may get the last place, and the other hears the close",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        EXPECT(queue.push(1));
        std::atomic<int> in = 0;
        const auto put = [&] {
            if (queue.push(2)) ++in;
        };
        in_parallel(put, put, [&] {
            EXPECT(popped(queue) == 1);
            queue.close();
        });
        int left = 0;
        while (popped(queue) == 2) ++left;
        EXPECT(left == in);
    });
}

TEST_CASE("what was let in before a close is taken out, and what was not, never",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        std::vector<long> in;
        std::vector<long> out;
        in_parallel(
            [&] {
                for (long item = 1; item <= 2; ++item) {
                    if (queue.push(item)) in.push_back(item);
                }
            },
            [&] {
                while (const std::optional<long> item = queue.pop()) out.push_back(*item);
            },
            [&] { queue.close(); });
        EXPECT(in == out);
    });
}

TEST_CASE("who joins can see all the work on what it put in, and that nothing of it is left",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        long work = 0;
        in_parallel(
            [&] {
                EXPECT(queue.push(1));
                EXPECT(queue.push(2));
                queue.join();
                EXPECT(work == 3);
                queue.close();
            },
            [&] {
                while (const std::optional<long> item = queue.pop()) {
                    work += *item;
                    queue.task_done();
                }
            });
    });
}

TEST_CASE("who joins after a close sees all the work on what was taken out", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        EXPECT(queue.push(1));
        long work = 0;
        in_parallel(
            [&] {
                work = popped(queue);
                queue.task_done();
            },
            [&] {
                queue.close();
                queue.join();
                EXPECT(work == 1);
            });
    });
}

TEST_CASE("who joins does not wait for an item that a close keeps out", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        EXPECT(queue.push(1));
        in_parallel([&] { EXPECT(!queue.push(2)); },
                    [&] {
                        queue.close();  // and there is no room before it
                        EXPECT(popped(queue) == 1);
                        queue.task_done();
                        queue.join();
                    });
    });
}

TEST_CASE("who joins waits for the last of those who work", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(2);
        long works[] = {0, 0};
        EXPECT(queue.push(0));
        EXPECT(queue.push(1));
        const auto work = [&] {
            const long item = popped(queue);
            if (item >= 0) works[item] = 1;
            queue.task_done();
        };
        in_parallel(work, work, [&] {
            queue.join();
            EXPECT(works[0] == 1 && works[1] == 1);
        });
    });
}

TEST_CASE("all who join are told of the end of the work", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        EXPECT(queue.push(1));
        bool done = false;
        const auto join = [&] {
            queue.join();
            EXPECT(done);
        };
        in_parallel(join, join, [&] {
            EXPECT(popped(queue) == 1);
            done = true;
            queue.task_done();
        });
    });
}

TEST_CASE("who joins while an item is let in is told of its end as well", "[interleavings]") {
    holds_in_every_interleaving([] {
        bounded_queue<long> queue(1);
        in_parallel([&] { queue.join(); }, [&] { EXPECT(queue.push(1)); },
                    [&] {
                        EXPECT(popped(queue) == 1);
                        queue.task_done();
                    });
    });
}

}  // namespace
