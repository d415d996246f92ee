#pragma once
#include <algorithm>
#include <chrono>

namespace interleave {

/// Bounds the wait for threads that may never do what is waited for, by what they do and not by a
/// clock: a thread that is ready but gets no processor, or a program that is stopped for a while,
/// uses up nothing of it.
///
///     interleave::patience patience;
///     while (!done() && patience.lasts(asleep(thread), processor_time(thread)))
///     leave_the_processor();
///
/// It ends when those waited for have used `work` of processor time, as threads do that spin, or
/// have been seen asleep at `looks` looks, as threads do that sleep and look again by themselves.
/// It ends also when they have neither run nor slept at 200,000 looks in a row: whoever looks has
/// had a processor as often, so there is nothing to wait for, as where an answer has damaged the
/// memory that says whom to look at. One thread.
class patience {
  public:
    explicit patience(std::chrono::nanoseconds work = std::chrono::seconds(2), int looks = 5'000)
        : work_(work), looks_(looks) {}

    /// One look: whether all of those waited for sleep, and the processor time that they have used
    /// since they began. The time may shrink when some of them end.
    [[nodiscard]] bool lasts(bool asleep, std::chrono::nanoseconds used) {
        if (seen_) work_ -= std::max(used - last_, std::chrono::nanoseconds(0));
        lifeless_ = asleep || !seen_ || used != last_ ? 0 : lifeless_ + 1;
        last_ = used;
        seen_ = true;
        if (asleep) --looks_;
        return looks_ > 0 && work_.count() > 0 && lifeless_ < lifeless_looks;
    }

  private:
    static constexpr int lifeless_looks = 200'000;

    std::chrono::nanoseconds work_;  ///< What is left of it, as of the looks.
    int looks_;
    int lifeless_ = 0;  ///< Looks in a row at which nobody slept or had run.
    std::chrono::nanoseconds last_{0};
    bool seen_ = false;
};

}  // namespace interleave
