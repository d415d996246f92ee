#include "event.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <semaphore>
#include <vector>

#include "support/interleavings.hpp"
#include "support/together.hpp"
#include "support/waiting_call.hpp"

namespace {

using interleave::holds_in_every_interleaving;
using interleave::in_parallel;
using interleave::waiting_call;
using lesson::event;

TEST_CASE("what has happened already keeps nobody waiting") {
    event news;
    news.set();
    news.wait();
    news.wait();
    news.set();
    news.wait();
    news.take();
    SUCCEED("every call returned");
}

TEST_CASE("an event can happen again after it has been taken") {
    event news;
    for (int i = 0; i < 3; ++i) {
        news.set();
        news.take();
    }
    SUCCEED("every call returned");
}

TEST_CASE("what happened 65,536 times can be taken") {
    event news;
    for (int i = 0; i < 65'536; ++i) news.set();
    news.take();
    SUCCEED("every call returned");
}

TEST_CASE("two events happen apart") {
    event mine;
    event yours;
    mine.set();
    waiting_call call([&] { yours.wait(); });
    call.falls_asleep();
    const bool early = call.returned();
    yours.set();
    call.join();
    CHECK_FALSE(early);
}

TEST_CASE("a thread that waits or takes sleeps until another wakes it", "[livelock]") {
    event news;
    waiting_call waits([&] { news.wait(); });
    const bool waits_asleep = waits.falls_asleep();
    news.set();
    waits.join();
    news.take();
    waiting_call takes([&] { news.take(); });
    const bool takes_asleep = takes.falls_asleep();
    news.set();
    takes.join();
    INFO(
        "A sleep with a time limit does not count: the thread wakes up by itself and looks again.");
    CHECK(waits_asleep);
    CHECK(takes_asleep);
}

TEST_CASE("what has been taken is gone, however often it happened before") {
    event news;
    news.set();
    news.set();
    news.take();
    waiting_call call([&] { news.take(); });
    call.falls_asleep();
    const bool early = call.returned();
    news.set();
    call.join();
    CHECK_FALSE(early);
}

TEST_CASE("everybody who waits is woken") {
    event news;
    std::vector<std::unique_ptr<waiting_call>> calls;
    calls.reserve(4);
    for (int i = 0; i < 4; ++i) {
        calls.push_back(std::make_unique<waiting_call>([&] { news.wait(); }));
    }
    for (auto& call : calls) call->falls_asleep();
    news.set();
    for (auto& call : calls) call->join();
    SUCCEED("every call returned");
}

// A call that only naps for a moment is over before the write, which then is a race every time.
TEST_CASE("what is written while others wait can be read once they go on") {
    event news;
    event others;
    int letter = 0;
    int by_wait = 0;
    int by_take = 0;
    waiting_call waits([&] {
        news.wait();
        by_wait = letter;
    });
    waiting_call takes([&] {
        others.take();
        by_take = letter;
    });
    waits.falls_asleep();
    takes.falls_asleep();
    letter = 1;
    news.set();
    others.set();
    waits.join();
    takes.join();
    CHECK(by_wait == 1);
    CHECK(by_take == 1);
}

TEST_CASE("what was written before an event can be read after it") {
    int wrong = 0;
    for (int i = 0; i < 5; ++i) {
        event written;
        event read;
        int letter = 0;
        int answer = 0;
        interleave::run_together(2, [&](int thread) {
            if (thread == 0) {
                letter = i;
                written.set();
                read.take();
                if (answer != -i) ++wrong;
            } else {
                written.wait();
                answer = -letter;
                read.set();
            }
        });
    }
    CHECK(wrong == 0);
}

TEST_CASE("a thread that waits goes on, whether it came before the event or after it",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        in_parallel([&] { news.wait(); }, [&] { news.set(); });
    });
}

TEST_CASE("a thread that takes goes on, whether it came before the event or after it",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        in_parallel([&] { news.take(); }, [&] { news.set(); });
    });
}

TEST_CASE("three threads that wait all go on", "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        in_parallel([&] { news.wait(); }, [&] { news.wait(); }, [&] { news.wait(); },
                    [&] { news.set(); });
    });
}

TEST_CASE("a thread that waits goes on when the one that took it sets it again",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        in_parallel([&] { news.wait(); },
                    [&] {
                        news.take();
                        news.set();
                    },
                    [&] { news.set(); });
    });
}

TEST_CASE("nobody goes on before it has happened", "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        std::atomic<bool> happened = false;
        in_parallel(
            [&] {
                news.wait();
                EXPECT(happened);
            },
            [&] {
                happened = true;
                news.set();
            });
    });
}

TEST_CASE("nobody takes what has not happened", "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        std::atomic<bool> happened = false;
        in_parallel(
            [&] {
                news.take();
                EXPECT(happened);
            },
            [&] {
                happened = true;
                news.set();
            });
    });
}

TEST_CASE("what was written before it happened is there for whoever waits or takes",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        event written;
        event read;
        int letter = 0;
        in_parallel(
            [&] {
                letter = 1;
                written.set();
                read.take();
                EXPECT(letter == 2);
            },
            [&] {
                written.wait();
                EXPECT(letter == 1);
                letter = 2;
                read.set();
            });
    });
}

TEST_CASE("of two threads that take, each event lets one go on", "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        std::atomic<int> inside = 0;
        const auto take_turns = [&] {
            news.take();
            EXPECT(++inside == 1);
            --inside;
            news.set();
        };
        in_parallel(take_turns, take_turns, [&] { news.set(); });
    });
}

TEST_CASE("what has been taken has to happen again", "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        news.set();
        news.take();
        std::atomic<bool> again = false;
        in_parallel(
            [&] {
                news.wait();
                EXPECT(again);
            },
            [&] {
                again = true;
                news.set();
            });
    });
}

TEST_CASE("what happens twice before it is taken has happened once", "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        in_parallel([&] { news.set(); }, [&] { news.set(); });
        news.take();
        std::atomic<bool> again = false;
        in_parallel(
            [&] {
                news.take();
                EXPECT(again);
            },
            [&] {
                again = true;
                news.set();
            });
    });
}

TEST_CASE("what happens again is not lost while another thread takes what happened before",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        news.set();
        std::atomic<int> letter = 0;
        int seen = 0;
        in_parallel(
            [&] {
                letter.store(1, std::memory_order_relaxed);
                news.set();
            },
            [&] {
                news.take();
                seen = letter.load(std::memory_order_relaxed);
            });
        if (seen == 0) news.take();  // it has happened once more since
    });
}

TEST_CASE("a thread that waited before waits again for what has been taken since",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        std::binary_semaphore seen(0);
        std::binary_semaphore gone(0);
        std::atomic<bool> again = false;
        in_parallel(
            [&] {
                news.wait();
                seen.release();
                gone.acquire();
                news.wait();
                EXPECT(again);
            },
            [&] {
                news.set();
                seen.acquire();
                news.take();
                gone.release();
                again = true;
                news.set();
            });
    });
}

TEST_CASE("a thread that takes sleeps on however often another was faster", "[interleavings]") {
    constexpr int rounds = 8;
    holds_in_every_interleaving(
        [] {
            event news;
            event ping;
            event pong;
            std::atomic<bool> taken = false;
            in_parallel(
                [&] {
                    news.take();
                    EXPECT(!taken);
                    news.set();
                },
                [&] {
                    for (int i = 0; i < rounds; ++i) {
                        news.set();
                        news.take();
                        taken = true;
                        ping.set();  // and the third thread has its turn, or the first
                        pong.take();
                        taken = false;
                    }
                    news.set();
                },
                [&] {
                    for (int i = 0; i < rounds; ++i) {
                        ping.take();
                        pong.set();
                    }
                });
        },
        2'000);
}

TEST_CASE("a thread that only waits makes nothing happen", "[interleavings]") {
    holds_in_every_interleaving([] {
        event news;
        std::atomic<bool> again = false;
        in_parallel([&] { news.wait(); },
                    [&] {
                        news.set();
                        news.set();
                        news.take();
                        in_parallel(
                            [&] {
                                news.take();
                                EXPECT(again);
                            },
                            [&] {
                                again = true;
                                news.set();
                            });
                        news.set();
                    });
    });
}

TEST_CASE("two threads hand each other the turn, again and again", "[interleavings]") {
    holds_in_every_interleaving([] {
        event ping;
        event pong;
        int hits = 0;
        in_parallel(
            [&] {
                for (int i = 0; i < 2; ++i) {
                    ++hits;
                    ping.set();
                    pong.take();
                }
            },
            [&] {
                for (int i = 0; i < 2; ++i) {
                    ping.take();
                    ++hits;
                    pong.set();
                }
            });
        EXPECT(hits == 4);
    });
}

}  // namespace
