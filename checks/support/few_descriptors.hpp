#pragma once

#include <fcntl.h>
#include <sys/resource.h>

#include "support/infrastructure.hpp"

namespace interleave {

/// Leaves this process, and those it forks, only so many more descriptors, as long as it lives.
class few_descriptors {
  public:
    explicit few_descriptors(int more) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        int limit = 0;
        for (int free = 0; free < more; ++limit) {
            if (::fcntl(limit, F_GETFD) == -1) ++free;
        }
        const rlimit lower{static_cast<rlim_t>(limit), before_.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &lower) != 0) {
            throw infrastructure_error("The number of descriptors cannot be limited.");
        }
    }
    ~few_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    few_descriptors(few_descriptors&&) = delete;

  private:
    rlimit before_{};
};

}  // namespace interleave
