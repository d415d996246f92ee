#include "corpus_topics.hpp"

namespace corpus {

std::vector<topic> wrong_programs() {
    using namespace must_find;
    return {
        lost_updates(),  check_then_act(),   races(),         deadlocks(), lost_wakeups(),
        synchronizers(), publications(),     memory_orders(), exchanges(), sequential_consistency(),
        lock_free(),     lifetimes(),        timing(),        endings(),   pthread_programs(),
        c11_programs(),  classic_programs(), side_by_side()};
}

std::vector<topic> correct_programs() {
    using namespace never_blame;
    return {threads(),      mutexes(),         shared_mutexes(), conditions(),
            futures(),      atomics(),         memory_orders(),  sequential_consistency(),
            locks(),        exchanges(),       lock_free(),      synchronizers(),
            stop_tokens(),  exceptions(),      streams(),        containers(),
            before_main(),  shared_pointers(), designs(),        pthread_programs(),
            c11_programs(), left_waiting(),    side_by_side()};
}

}  // namespace corpus
