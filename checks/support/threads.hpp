#pragma once
#include <chrono>
#include <optional>
#include <vector>

namespace interleave {

/// The kernel's id of the calling thread. Any thread.
long thread_id() noexcept;

/// The threads of this process; empty where the system does not tell. Any thread.
std::vector<long> thread_ids();

/// Whether a thread of this process sleeps until another thread wakes it: in a futex call without a
/// time limit, as every lock, join and wait is. A thread that has ended counts as waiting; nothing
/// where the system does not tell. Any thread.
std::optional<bool> waits_for_another(long thread);

/// Whether a thread of this process sleeps until a time comes, and nothing else: in nanosleep(), or
/// in poll() and the like without a descriptor. Nothing where the system does not tell. Any thread.
std::optional<bool> takes_a_nap(long thread);

/// Whether a thread of this process sleeps, without a time limit, until something can be read from
/// or written to a descriptor, as one end of a pipe that other threads have too. Nothing where the
/// system does not tell. Any thread.
std::optional<bool> waits_for_a_descriptor(long thread);

/// The processor time that a thread of this process has used; zero where the system does not tell.
/// Any thread.
std::chrono::nanoseconds processor_time(long thread);

/// Comes back when a thread that has nothing to do sleeps until another wakes it (also through a
/// descriptor), or has ended: true. False when it has used up 0.2 s of processor time first, as one
/// that spins does, or has been given a processor 500 times, as one that spins and gives way (on a
/// busy machine it gets next to no time), or has been seen asleep a hundred times and never like
/// that, as one that sleeps and looks again by itself. True also where the system does not tell.
/// Any thread.
bool falls_asleep(long thread);

/// Tells gates whether anybody can still come. Threads that were there before it (a sanitizer's)
/// are none of its business, but for the one that made it.
class bystanders {
  public:
    bystanders();

    /// Whether every thread but these waits for another thread, so that none will do anything
    /// before one of these does. False where the system does not tell. Any thread.
    bool all_wait_except(const std::vector<long>& inside) const;

    /// Whether none of them is running or ready to run. True where the system does not tell.
    bool all_sleep_except(const std::vector<long>& inside) const;

    /// The processor time that they have used.
    std::chrono::nanoseconds processor_time_except(const std::vector<long>& inside) const;

  private:
    std::vector<long> others(const std::vector<long>& inside) const;

    std::vector<long> not_looked_at_;
};

}  // namespace interleave
