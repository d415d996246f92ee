// Exceptions in several threads at once, and on their way from one to another.

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "../corpus.hpp"
#include "../corpus_topics.hpp"
#include "../in_parallel.hpp"

namespace never_blame {
namespace {

void each_thread_catches_its_own() {
    on_threads(3, [](int me) {
        try {
            throw std::runtime_error(std::to_string(me));
        } catch (const std::runtime_error& error) {
            EXPECT(error.what() == std::to_string(me));
        }
    });
}

void a_thread_is_preempted_while_it_handles_an_exception() {
    std::mutex guard;
    std::vector<std::string> messages;
    on_threads(2, [&](int me) {
        try {
            throw std::runtime_error("thread " + std::to_string(me));
        } catch (const std::runtime_error&) {
            {
                const std::lock_guard lock(guard);
                messages.emplace_back("handled");
            }
            try {
                throw;
            } catch (const std::runtime_error& again) {
                EXPECT(again.what() == "thread " + std::to_string(me));
            }
        }
        EXPECT(!std::current_exception());
    });
    EXPECT(messages.size() == 2);
}

void destructors_take_locks_while_the_stack_unwinds() {
    std::mutex guard;
    int cleaned = 0;
    struct cleaner {
        std::mutex& m;
        int& count;
        ~cleaner() {
            EXPECT(std::uncaught_exceptions() == 1);
            const std::lock_guard lock(m);
            ++count;
        }
    };
    on_threads(2, [&](int) {
        try {
            const cleaner first{guard, cleaned};
            const cleaner second{guard, cleaned};
            throw 1;
        } catch (int) {
        }
        EXPECT(std::uncaught_exceptions() == 0);
    });
    EXPECT(cleaned == 4);
}

void an_exception_travels_to_the_joining_thread() {
    std::exception_ptr failure;
    std::thread worker([&] {
        try {
            throw std::invalid_argument("in the worker");
        } catch (...) {
            failure = std::current_exception();
        }
    });
    worker.join();
    try {
        std::rethrow_exception(failure);
    } catch (const std::invalid_argument& error) {
        EXPECT(error.what() == std::string("in the worker"));
    }
}

void two_threads_rethrow_one_exception() {
    const auto shared = std::make_exception_ptr(std::runtime_error("shared"));
    const auto rethrow = [&] {
        try {
            std::rethrow_exception(shared);
        } catch (const std::runtime_error& error) {
            EXPECT(error.what()[0] == 's');
        }
    };
    in_parallel(rethrow, rethrow);
}

void the_first_of_several_exceptions_is_kept() {
    std::mutex guard;
    std::exception_ptr first;
    on_threads(3, [&](int me) {
        try {
            throw me;
        } catch (...) {
            const std::lock_guard lock(guard);
            if (!first) first = std::current_exception();
        }
    });
    try {
        std::rethrow_exception(first);
    } catch (int thrower) {
        EXPECT(thrower >= 0 && thrower < 3);
    }
}

void exceptions_are_nested() {
    on_threads(2, [](int me) {
        try {
            try {
                throw std::out_of_range("inner " + std::to_string(me));
            } catch (...) {
                std::throw_with_nested(std::runtime_error("outer"));
            }
        } catch (const std::runtime_error& outer) {
            try {
                std::rethrow_if_nested(outer);
                EXPECT(false);
            } catch (const std::out_of_range& inner) {
                EXPECT(inner.what() == "inner " + std::to_string(me));
            }
        }
    });
}

void a_constructor_throws_and_what_was_made_is_destroyed() {
    std::atomic<int> alive{0};
    struct part {
        std::atomic<int>& count;
        std::unique_ptr<int> memory = std::make_unique<int>(1);
        explicit part(std::atomic<int>& c) : count(c) { ++count; }
        ~part() { --count; }
    };
    struct whole {
        part made;
        explicit whole(std::atomic<int>& c) : made(c) { throw std::bad_alloc(); }
    };
    on_threads(2, [&](int) {
        try {
            const auto impossible = std::make_unique<whole>(alive);
            EXPECT(impossible == nullptr);
        } catch (const std::bad_alloc&) {
        }
    });
    EXPECT(alive == 0);
}

void an_exception_crosses_many_frames() {
    struct recursion {
        static int descend(int depth) {
            const std::string local(40, static_cast<char>('a' + depth));
            if (depth == 0) throw std::length_error(local);
            return descend(depth - 1) + static_cast<int>(local.size());
        }
    };
    on_threads(2, [](int) {
        try {
            recursion::descend(8);
            EXPECT(false);
        } catch (const std::length_error& error) {
            EXPECT(error.what()[0] == 'a');
        }
    });
}

std::exception_ptr last_error;

void an_exception_is_kept_in_a_global() {
    std::mutex guard;
    on_threads(2, [&guard](int) {
        try {
            throw std::runtime_error("a message that has memory of its own");
        } catch (...) {
            const std::lock_guard lock(guard);
            last_error = std::current_exception();
        }
    });
    try {
        std::rethrow_exception(last_error);
    } catch (const std::runtime_error& error) {
        EXPECT(error.what()[0] == 'a');
    }
}

}  // namespace

corpus::topic exceptions() {
    return {
        "exceptions",
        {
            {"each thread catches its own exception", each_thread_catches_its_own},
            {"a thread is preempted while it handles an exception",
             a_thread_is_preempted_while_it_handles_an_exception},
            {"destructors take locks while the stack unwinds",
             destructors_take_locks_while_the_stack_unwinds},
            {"an exception travels to the joining thread",
             an_exception_travels_to_the_joining_thread},
            {"two threads rethrow one exception", two_threads_rethrow_one_exception},
            {"the first of several exceptions is kept", the_first_of_several_exceptions_is_kept},
            {"exceptions are nested", exceptions_are_nested},
            {"a constructor throws and what was made is destroyed",
             a_constructor_throws_and_what_was_made_is_destroyed},
            {"an exception crosses many frames", an_exception_crosses_many_frames},
            {"an exception is kept in a global", an_exception_is_kept_in_a_global},
        },
    };
}

}  // namespace never_blame
