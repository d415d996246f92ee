#pragma once
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace interleave {

/// What the threads of a process and of all its descendants were doing at one look. Linux only.
struct process_tree_look {
    bool asleep = true;                     ///< None runs or is ready to, and all could be seen.
    std::chrono::nanoseconds used{0};       ///< The processor time of all.
    std::map<long, std::string> scheduled;  ///< By thread, how often it gave up the processor.

    /// Looks at `root` and its descendants, but for the calling thread and for the processes that
    /// are `left_out`. Any thread of any process of the tree.
    static process_tree_look at(pid_t root, const std::function<bool(pid_t)>& left_out);
};

}  // namespace interleave
