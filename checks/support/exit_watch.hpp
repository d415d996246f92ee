#pragma once
#include <memory>

namespace interleave {

/// Sees whether the threads that an answer started have ended when the answer returns.
///
///     interleave::exit_watch watch;
///     answer([&watch] { watch.note_thread(); });
///     CHECK(watch.still_running() == 0);
///
/// A thread that is joined ends while somebody waits for it; a detached one may end a moment after
/// the return, and a count taken then would see it or not by luck. So a noted thread ends only once
/// the thread that made the watch either sleeps until another thread wakes it (it is joining) or
/// has asked for the count (nobody joined), or the patience with it is used up. Linux only:
/// elsewhere threads are counted as they come.
class exit_watch {
  public:
    exit_watch();
    ~exit_watch();
    exit_watch(const exit_watch&) = delete;
    exit_watch& operator=(const exit_watch&) = delete;

    /// The calling thread is one whose end matters. The watch's own thread is not noted. Any
    /// thread, any number of times.
    void note_thread();

    /// How many noted threads had not ended at the first call. The watch's own thread.
    int still_running();

  private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace interleave
