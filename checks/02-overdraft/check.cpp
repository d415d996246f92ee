#include "account.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <deque>

#include "support/interleavings.hpp"
#include "support/together.hpp"

namespace {

using interleave::holds_in_every_interleaving;
using interleave::in_parallel;
using lesson::account;

TEST_CASE("a withdrawal that is covered pays, and one that is not leaves the balance alone") {
    account mine(100);
    const bool covered = mine.withdraw(60);
    const bool too_much = mine.withdraw(41);
    CHECK(covered);
    CHECK_FALSE(too_much);
    const long left = mine.balance();
    CHECK(left == 40);
    const bool to_the_last_cent = mine.withdraw(40);
    const bool from_nothing = mine.withdraw(1);
    const bool nothing = mine.withdraw(0);
    CHECK(to_the_last_cent);
    CHECK_FALSE(from_nothing);
    CHECK(nothing);
    const long empty = mine.balance();
    CHECK(empty == 0);
}

TEST_CASE("what is paid in can be paid out") {
    account mine(0);
    mine.deposit(70);
    mine.deposit(0);
    mine.deposit(30);
    const long before = mine.balance();
    CHECK(before == 100);
    const bool paid = mine.withdraw(100);
    CHECK(paid);
    const long after = mine.balance();
    CHECK(after == 0);
}

TEST_CASE("a transfer moves the money, and one that is not covered moves nothing") {
    account mine(100);
    account yours(5);
    const bool covered = mine.transfer(yours, 30);
    const bool too_much = mine.transfer(yours, 71);
    CHECK(covered);
    CHECK_FALSE(too_much);
    const long left = mine.balance();
    const long received = yours.balance();
    CHECK(left == 70);
    CHECK(received == 35);
    const bool back = yours.transfer(mine, 35);
    CHECK(back);
    const long all = mine.balance();
    const long rest = yours.balance();
    CHECK(all == 105);
    CHECK(rest == 0);
}

TEST_CASE("a transfer from an account to itself returns, and changes nothing") {
    account mine(100);
    const bool covered = mine.transfer(mine, 100);
    const bool too_much = mine.transfer(mine, 101);
    CHECK(covered);
    CHECK_FALSE(too_much);
    const long left = mine.balance();
    CHECK(left == 100);
}

TEST_CASE("fifty million in cents is an amount like others") {
    account mine(5'000'000'000);
    account yours(0);
    const bool moved = mine.transfer(yours, 4'000'000'000);
    const bool paid = yours.withdraw(3'000'000'000);
    mine.deposit(6'000'000'000);
    CHECK(moved);
    CHECK(paid);
    const long left = mine.balance();
    const long received = yours.balance();
    CHECK(left == 7'000'000'000);
    CHECK(received == 1'000'000'000);
}

TEST_CASE("four quintillion cents are an amount as well") {
    account mine(4'000'000'000'000'000'001);
    account yours(500'000'000'000'000'000);
    const bool moved = mine.transfer(yours, 4'000'000'000'000'000'000);
    const bool paid = yours.withdraw(4'400'000'000'000'000'000);
    mine.deposit(4'300'000'000'000'000'000);
    CHECK(moved);
    CHECK(paid);
    const long left = mine.balance();
    const long received = yours.balance();
    CHECK(left == 4'300'000'000'000'000'001);
    CHECK(received == 100'000'000'000'000'000);
}

TEST_CASE("of three hundred accounts, any may pay any other") {
    std::deque<account> many;
    for (int i = 0; i < 300; ++i) many.emplace_back(1'000);
    int refused = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        for (std::size_t j = i + 1; j < many.size(); ++j) {
            refused += many[i].transfer(many[j], 1) ? 0 : 1;
        }
    }
    CHECK(refused == 0);
    long all = 0;
    for (const account& each : many) all += each.balance();
    CHECK(all == 300'000);
}

TEST_CASE("what one thread pays in while another pays out is all counted") {
    account mine(10'000);
    interleave::run_together(2, [&mine](int thread) {
        for (int i = 0; i < 1'000; ++i) {
            if (thread == 0) {
                mine.deposit(3);
            } else {
                mine.withdraw(2);
            }
        }
    });
    const long left = mine.balance();
    CHECK(left == 11'000);
}

TEST_CASE("a balance can be asked for while another thread pays in") {
    account mine(0);
    bool went_back = false;
    interleave::run_together(2, [&](int thread) {
        long last = 0;
        for (int i = 0; i < 1'000; ++i) {
            if (thread == 0) {
                mine.deposit(1);
                continue;
            }
            const long now = mine.balance();
            if (now < last) went_back = true;
            last = now;
        }
    });
    CHECK_FALSE(went_back);
    const long all = mine.balance();
    CHECK(all == 1'000);
}

TEST_CASE("transfers in both directions neither make money nor lose any") {
    account mine(10'000);
    account yours(10'000);
    interleave::run_together(2, [&](int thread) {
        account& from = thread == 0 ? mine : yours;
        account& to = thread == 0 ? yours : mine;
        for (int i = 0; i < 1'000; ++i) from.transfer(to, 5);
    });
    const long left = mine.balance();
    const long received = yours.balance();
    CHECK(left == 10'000);
    CHECK(received == 10'000);
}

TEST_CASE("of two withdrawals that the balance covers once, one pays", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        bool first = false;
        bool second = false;
        in_parallel([&] { first = mine.withdraw(70); }, [&] { second = mine.withdraw(60); });
        const long left = mine.balance();
        EXPECT(first != second);
        EXPECT(left == (first ? 30 : 40));
    });
}

TEST_CASE("two withdrawals that the balance covers both pay", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        bool first = false;
        bool second = false;
        in_parallel([&] { first = mine.withdraw(70); }, [&] { second = mine.withdraw(30); });
        const long left = mine.balance();
        EXPECT(first && second);
        EXPECT(left == 0);
    });
}

TEST_CASE("a withdrawal that is refused does not stand in another's way", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        bool too_much = false;
        bool covered = false;
        in_parallel([&] { too_much = mine.withdraw(150); }, [&] { covered = mine.withdraw(100); });
        const long left = mine.balance();
        EXPECT(!too_much);
        EXPECT(covered);
        EXPECT(left == 0);
    });
}

TEST_CASE("a deposit beside a withdrawal is not lost", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(50);
        bool paid = false;
        in_parallel([&] { mine.deposit(30); }, [&] { paid = mine.withdraw(60); },
                    [&] { mine.deposit(5); });
        const long left = mine.balance();
        EXPECT(left == (paid ? 25 : 85));
    });
}

TEST_CASE("nobody ever sees a balance that no order of the payments has", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        long seen = 0;
        long later = 0;
        in_parallel([&] { mine.withdraw(80); }, [&] { mine.withdraw(120); },
                    [&] {
                        seen = mine.balance();
                        later = mine.balance();
                    });
        EXPECT(seen == 100 || seen == 20);
        EXPECT(later == 20 || (later == 100 && seen == 100));
    });
}

TEST_CASE("what a withdrawal has been paid, a transfer does not move", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        account yours(0);
        bool paid = false;
        bool moved = false;
        in_parallel([&] { paid = mine.withdraw(70); }, [&] { moved = mine.transfer(yours, 60); });
        const long left = mine.balance();
        const long received = yours.balance();
        EXPECT(paid != moved);
        EXPECT(left == (paid ? 30 : 40));
        EXPECT(received == (moved ? 60 : 0));
    });
}

TEST_CASE("of two transfers that the balance covers once, one is made", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        account yours(0);
        account theirs(0);
        bool first = false;
        bool second = false;
        in_parallel([&] { first = mine.transfer(yours, 70); },
                    [&] { second = mine.transfer(theirs, 60); });
        const long left = mine.balance();
        const long all = left + yours.balance() + theirs.balance();
        EXPECT(first != second);
        EXPECT(left == (first ? 30 : 40));
        EXPECT(all == 100);
    });
}

TEST_CASE("two transfers into one account both arrive", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(10);
        account yours(20);
        account theirs(0);
        bool first = false;
        bool second = false;
        in_parallel([&] { first = mine.transfer(theirs, 10); },
                    [&] { second = yours.transfer(theirs, 20); });
        const long received = theirs.balance();
        EXPECT(first && second);
        EXPECT(received == 30);
    });
}

TEST_CASE("money of a transfer that is refused cannot be paid out", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(40);
        account yours(0);
        bool moved = false;
        bool paid = false;
        in_parallel([&] { moved = mine.transfer(yours, 50); }, [&] { paid = yours.withdraw(50); });
        const long left = mine.balance();
        const long received = yours.balance();
        EXPECT(!moved);
        EXPECT(!paid);
        EXPECT(left == 40);
        EXPECT(received == 0);
    });
}

TEST_CASE("transfers in opposite directions both return, and both move their money",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        account yours(100);
        bool there = false;
        bool back = false;
        in_parallel([&] { there = mine.transfer(yours, 30); },
                    [&] { back = yours.transfer(mine, 10); });
        const long left = mine.balance();
        const long received = yours.balance();
        EXPECT(there && back);
        EXPECT(left == 80);
        EXPECT(received == 120);
    });
}

TEST_CASE("three transfers in a ring all return, and the money stays the same", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(10);
        account yours(10);
        account theirs(10);
        bool first = false;
        bool second = false;
        bool third = false;
        in_parallel([&] { first = mine.transfer(yours, 10); },
                    [&] { second = yours.transfer(theirs, 10); },
                    [&] { third = theirs.transfer(mine, 10); });
        const long all = mine.balance() + yours.balance() + theirs.balance();
        EXPECT(first && second && third);
        EXPECT(all == 30);
    });
}

TEST_CASE("a transfer from an account to itself does not undo a withdrawal beside it",
          "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        bool moved = false;
        bool paid = false;
        in_parallel([&] { moved = mine.transfer(mine, 60); }, [&] { paid = mine.withdraw(70); });
        const long left = mine.balance();
        EXPECT(moved || paid);
        EXPECT(left == (paid ? 30 : 100));
    });
}

TEST_CASE("after a transfer that was refused, of two deposits neither is lost", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        account yours(0);
        const bool moved = mine.transfer(yours, 200);
        in_parallel([&] { mine.deposit(30); }, [&] { mine.deposit(5); });
        const long left = mine.balance();
        EXPECT(!moved);
        EXPECT(left == 135);
    });
}

TEST_CASE("who was refused, and hears that money has come in, is paid", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        std::atomic<bool> has_come = false;
        bool paid = true;
        in_parallel(
            [&] {
                const bool at_once = mine.withdraw(150);
                if (!at_once && has_come) paid = mine.withdraw(150);
            },
            [&] {
                mine.deposit(100);
                has_come = true;
            });
        EXPECT(paid);
    });
}

TEST_CASE("a withdrawal that is covered pays, whatever is paid in meanwhile", "[interleavings]") {
    holds_in_every_interleaving([] {
        account mine(100);
        bool paid = false;
        const auto pay_in = [&] {
            for (int i = 0; i < 12; ++i) mine.deposit(1);
        };
        in_parallel([&] { paid = mine.withdraw(100); }, pay_in, pay_in, pay_in);
        const long left = mine.balance();
        EXPECT(paid);
        EXPECT(left == 36);
    });
}

}  // namespace
