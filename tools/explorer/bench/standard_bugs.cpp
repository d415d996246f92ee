#include "standard_bugs.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../tests/corpus_topics.hpp"

namespace bench {
namespace {

constexpr std::string_view names[] = {
    "two threads increment a member",
    "three threads increment a member ten times each",
    "an account is overdrawn between the look and the withdrawal",
    "two threads lock two mutexes in opposite orders",
    "the orders differ after twenty other locks",
    "three philosophers take the left fork first",
    "five philosophers take the left fork first",
    "a flag is set and notified without the mutex",
    "two consumers wait with `if` for one producer",
    "producers and consumers share one condition and notify_one",
    "a queue is closed without the mutex",
    "a closed queue wakes only one of two consumers",
    "an object is published through a relaxed pointer",
    "an atomic value is published with release, and read relaxed",
    "double-checked locking on a plain pointer",
    "double-checked locking on a relaxed pointer",
    "a Treiber stack deletes popped nodes at once",
    "a free list of indices falls for ABA",
    "store buffering, release and acquire",
    "two readers disagree about two independent writes",
    "Peterson's lock, release and acquire",
    "a seqlock without fences",
};

}  // namespace

std::vector<corpus::program> standard_bugs() {
    std::vector<corpus::program> all, chosen;
    for (corpus::topic topic :
         {must_find::lost_updates(), must_find::check_then_act(), must_find::deadlocks(),
          must_find::lost_wakeups(), must_find::publications(), must_find::memory_orders(),
          must_find::lock_free()}) {
        std::ranges::move(topic.programs, std::back_inserter(all));
    }
    for (const std::string_view name : names) {
        const auto found = std::ranges::find(all, name, &corpus::program::name);
        if (found == all.end()) throw std::logic_error("no such program: " + std::string(name));
        chosen.push_back(*found);
    }
    return chosen;
}

}  // namespace bench
