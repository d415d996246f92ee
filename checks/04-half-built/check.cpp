#include "singleton.hpp"

#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include "support/interleavings.hpp"
#include "support/together.hpp"

namespace {

using lesson::singleton;

// Each case has types of its own: what a singleton has made stays made.

/// Counts how often a type was made, and orders nothing.
class tally {
  public:
    void add() { count_.fetch_add(1, std::memory_order_relaxed); }
    long count() const { return count_.load(std::memory_order_relaxed); }

  private:
    std::atomic<long> count_ = 0;
};

TEST_CASE("nothing is made before it is asked for, and asking twice makes one") {
    static tally made;
    struct clock {
        clock() { made.add(); }
        long hour = 12;
    };
    const long before = made.count();
    clock& first = singleton<clock>::instance();
    clock& second = singleton<clock>::instance();
    const long after = made.count();
    CHECK(before == 0);
    CHECK(&first == &second);
    CHECK(after == 1);
    const long hour = first.hour;
    CHECK(hour == 12);
}

TEST_CASE("what is written to the one T stays written") {
    struct page {
        std::vector<long> lines{1, 2, 3};
    };
    singleton<page>::instance().lines.push_back(4);
    const std::vector<long> lines = singleton<page>::instance().lines;
    CHECK(lines == std::vector<long>{1, 2, 3, 4});
}

TEST_CASE("two types have a T each") {
    struct left {
        long side = 1;
    };
    struct right {
        long side = 2;
    };
    singleton<left>::instance().side = 10;
    const long other = singleton<right>::instance().side;
    CHECK(other == 2);
}

TEST_CASE("a constructor may ask for another type's T") {
    struct inner {
        long value = 20;
    };
    struct outer {
        long value = singleton<inner>::instance().value + 1;
    };
    const long value = singleton<outer>::instance().value;
    CHECK(value == 21);
}

TEST_CASE("a T that has to begin at a multiple of 1,024 does") {
    struct alignas(1'024) sector {
        long bytes = 512;
    };
    sector* volatile made = &singleton<sector>::instance();  // or the compiler believes the type
    const auto address = reinterpret_cast<std::uintptr_t>(made);
    CHECK(address % 1'024 == 0);
}

TEST_CASE("eight threads that ask at once get the same T, and it is finished") {
    static tally made;
    struct table {
        table() {
            made.add();
            squares.resize(100);
            for (long i = 0; i < 100; ++i) squares[static_cast<std::size_t>(i)] = i * i;
        }
        std::vector<long> squares;
    };
    std::array<table*, 8> got{};
    std::array<long, 8> last{};
    interleave::run_together(8, [&](int thread) {
        const auto self = static_cast<std::size_t>(thread);
        got[self] = &singleton<table>::instance();
        last[self] = got[self]->squares.back();
    });
    const long times = made.count();
    CHECK(times == 1);
    for (const table* each : got) CHECK(each == got.front());
    for (const long each : last) CHECK(each == 99L * 99);
}

/// Takes a few steps to build, and shows when one was left out. Torn down, it has no roof.
struct house {
    house() {
        built.add();
        walls = 4;
        roof = std::make_unique<long>(walls + 1);
    }
    long walls = 0;
    std::unique_ptr<long> roof;
    static inline tally built;
};

void expect_finished(const house& seen) {
    EXPECT(seen.walls == 4);
    EXPECT((seen.roof && *seen.roof == 5));
}

TEST_CASE("two threads that ask at once get one finished T", "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        house* one = nullptr;
        house* other = nullptr;
        interleave::in_parallel(
            [&] {
                one = &singleton<house>::instance();
                expect_finished(*one);
            },
            [&] {
                other = &singleton<house>::instance();
                expect_finished(*other);
            });
        EXPECT(one == other);
        EXPECT(house::built.count() == 1);
    });
}

TEST_CASE("the T is still there when the thread that made it has ended", "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        const auto ask = [] { expect_finished(singleton<house>::instance()); };
        interleave::in_parallel(ask);
        interleave::in_parallel(ask, ask);
        EXPECT(house::built.count() == 1);
    });
}

TEST_CASE("three threads that ask at once get one finished T", "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        const auto ask = [] { expect_finished(singleton<house>::instance()); };
        interleave::in_parallel(ask, ask, ask);
        EXPECT(house::built.count() == 1);
    });
}

TEST_CASE("twelve threads that ask at once get one finished T", "[interleavings]") {
    interleave::holds_in_every_interleaving(
        [] {
            const auto ask = [] { expect_finished(singleton<house>::instance()); };
            interleave::in_parallel(ask, ask, ask, ask, ask, ask, ask, ask, ask, ask, ask, ask);
            EXPECT(house::built.count() == 1);
        },
        1'000);
}

TEST_CASE("who asks again, while others ask for the first time, gets the same T",
          "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        const auto ask_twice = [] {
            house& first = singleton<house>::instance();
            house& again = singleton<house>::instance();
            expect_finished(again);
            EXPECT(&first == &again);
        };
        interleave::in_parallel(ask_twice, ask_twice);
        EXPECT(house::built.count() == 1);
    });
}

struct street {
    street() { houses = singleton<house>::instance().walls; }
    long houses = 0;
};

TEST_CASE("a constructor that asks for another T is not in the way of those who ask for that one",
          "[interleavings]") {
    interleave::holds_in_every_interleaving([] {
        interleave::in_parallel([] { EXPECT(singleton<street>::instance().houses == 4); },
                                [] { expect_finished(singleton<house>::instance()); });
        EXPECT(house::built.count() == 1);
    });
}

#if defined(__SANITIZE_THREAD__)
constexpr bool under_thread_sanitizer = true;
#elif defined(__has_feature)
constexpr bool under_thread_sanitizer = __has_feature(thread_sanitizer);
#else
constexpr bool under_thread_sanitizer = false;
#endif

/// A scenario with a constructor that throws at its first attempt. On real threads it runs once, as
/// what has been made stays made; and not at all under ThreadSanitizer, in whose runtime a
/// std::call_once that was left by an exception is never free again, and an attempt at a static
/// does not come after the one that was given up.
void holds_after_a_throw(interleave::function_ref<void()> scenario) {
    const bool explored = interleave::controls_interleavings();
    if (!explored && under_thread_sanitizer) {
        SUCCEED("left out: ThreadSanitizer's runtime knows no second attempt");
        return;
    }
    interleave::holds_in_every_interleaving(scenario,
                                            explored ? interleave::options().executions : 1);
}

/// Cannot be built at the first attempt.
template <int Case>
struct late {
    late() {
        attempts.add();
        if (attempts.count() == 1) throw std::runtime_error("not yet");
        value = 7;
    }
    long value = 0;
    static inline tally attempts;
};

TEST_CASE("after a constructor that threw, the next call makes the T", "[interleavings]") {
    holds_after_a_throw([] {
        tally thrown;
        const auto ask = [&thrown] {
            try {
                EXPECT(singleton<late<1>>::instance().value == 7);
            } catch (const std::runtime_error&) {
                thrown.add();
            }
        };
        interleave::in_parallel(ask, ask);
        EXPECT(thrown.count() == 1);
        EXPECT(singleton<late<1>>::instance().value == 7);
        EXPECT(late<1>::attempts.count() == 2);
    });
}

TEST_CASE("who asks again after a constructor that threw gets the T, and so do the others",
          "[interleavings]") {
    holds_after_a_throw([] {
        tally thrown;
        const auto ask_twice = [&thrown] {
            for (int i = 0; i < 2; ++i) {
                try {
                    EXPECT(singleton<late<2>>::instance().value == 7);
                } catch (const std::runtime_error&) {
                    thrown.add();
                }
            }
        };
        interleave::in_parallel(ask_twice, ask_twice);
        EXPECT(thrown.count() == 1);
        EXPECT(late<2>::attempts.count() == 2);
    });
}

TEST_CASE("of three threads one makes the T after a constructor that threw", "[interleavings]") {
    holds_after_a_throw([] {
        tally thrown;
        const auto ask = [&thrown] {
            try {
                EXPECT(singleton<late<3>>::instance().value == 7);
            } catch (const std::runtime_error&) {
                thrown.add();
            }
        };
        interleave::in_parallel(ask, ask, ask);
        EXPECT(thrown.count() == 1);
        EXPECT(late<3>::attempts.count() == 2);
    });
}

struct no_ground {};

struct no_permit : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Cannot be built at the first two attempts, and says why in two ways.
struct tower {
    tower() {
        attempts.add();
        if (attempts.count() == 1) throw no_ground();
        if (attempts.count() == 2) throw no_permit("not yet");
        floors = 9;
    }
    long floors = 0;
    static inline tally attempts;
};

TEST_CASE(
    "whatever a constructor throws leaves the call that made the attempt, and the next makes "
    "another",
    "[interleavings]") {
    holds_after_a_throw([] {
        tally without_ground;
        tally without_permit;
        const auto ask = [&] {
            try {
                EXPECT(singleton<tower>::instance().floors == 9);
            } catch (const no_ground&) {
                without_ground.add();
            } catch (const no_permit&) {
                without_permit.add();
            }
        };
        interleave::in_parallel(ask, ask, ask);
        EXPECT(without_ground.count() == 1);
        EXPECT(without_permit.count() == 1);
        EXPECT(tower::attempts.count() == 3);
    });
}

}  // namespace
