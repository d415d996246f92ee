#pragma once

#include "corpus.hpp"

namespace must_find {
corpus::topic lost_updates();
corpus::topic check_then_act();
corpus::topic races();
corpus::topic side_by_side();
corpus::topic deadlocks();
corpus::topic lost_wakeups();
corpus::topic synchronizers();
corpus::topic publications();
corpus::topic memory_orders();
corpus::topic sequential_consistency();
corpus::topic exchanges();
corpus::topic lock_free();
corpus::topic lifetimes();
corpus::topic timing();
corpus::topic endings();
corpus::topic thread_locals();
corpus::topic pthread_programs();
corpus::topic c11_programs();
corpus::topic classic_programs();
}  // namespace must_find

namespace never_blame {
corpus::topic threads();
corpus::topic side_by_side();
corpus::topic mutexes();
corpus::topic shared_mutexes();
corpus::topic conditions();
corpus::topic futures();
corpus::topic atomics();
corpus::topic memory_orders();
corpus::topic sequential_consistency();
corpus::topic locks();
corpus::topic exchanges();
corpus::topic lock_free();
corpus::topic synchronizers();
corpus::topic stop_tokens();
corpus::topic thread_locals();
corpus::topic exceptions();
corpus::topic streams();
corpus::topic containers();
corpus::topic before_main();
corpus::topic shared_pointers();
corpus::topic left_waiting();
corpus::topic designs();
corpus::topic pthread_programs();
corpus::topic c11_programs();
}  // namespace never_blame

/// Those that an executable has: corpus_topics.cpp lists all but the programs with thread_local
/// variables, and thread_local_topics.cpp lists these.
namespace corpus {
std::vector<topic> wrong_programs();
std::vector<topic> correct_programs();
}  // namespace corpus
