#pragma once
#include <vector>

#include "support/census.hpp"
#include "support/patience.hpp"

namespace interleave {

/// Tells when the threads started since have come to rest: each sleeps until something happens or
/// has ended, so that whatever had reached them has been dealt with. A thread for which an answer
/// lies ready in a socket is awake, however long the machine lets it wait for a processor.
///
///     const interleave::threads_since others;
///     auto pages = std::async(std::launch::async, [&] { return fetch_all(urls); });
///     others.wait_until_at_rest();
///
/// Any thread; the calling one must have been there before. Linux only.
class threads_since {
  public:
    threads_since();

    /// Blocks until they rest. False where they use up the patience first: they spin, or sleep and
    /// look again by themselves.
    bool wait_until_at_rest(patience left = patience(std::chrono::seconds(1))) const;

  private:
    census look() const;

    const std::vector<long> before_;
};

}  // namespace interleave
