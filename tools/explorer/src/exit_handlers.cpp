#include "exit_handlers.hpp"

#include "memory.hpp"
#include "scheduler.hpp"

namespace interleave::detail {
namespace {

constexpr std::size_t most_handlers = 1 << 16;
struct exit_handlers {
    fixed_vector<pending_destructor> all;
    std::size_t before_main = 0;  ///< of these, known in every execution
};
INTERLEAVE_KEEP exit_handlers h;

}  // namespace

void keep_exit_handler(void (*run)(void*), void* object) {
    h.all.reserve(most_handlers);
    if (h.all.full()) {
        if (!rt.active) return;
        fail(failure::resource_limit, "The program has more than %zu functions to call at its end.",
             most_handlers);
    }
    // A library's own, such as the last flush of the streams, is not for an execution to do.
    if (!rt.active && !in_program(reinterpret_cast<std::uintptr_t>(run))) return;
    h.all.push({run, object});
    if (!rt.active) h.before_main = h.all.size();
}

void run_exit_handlers() {
    auto& own = rt.current->destructors;
    while (!own.empty()) {
        const pending_destructor d = own.pop();
        d.run(d.object);
    }
    if (h.all.empty()) return;
    while (!h.all.empty()) {
        const pending_destructor d = h.all.pop();
        d.run(d.object);
    }
    point_at(0);  // other threads may yet meet what is left
}

void exit_handlers_restart() noexcept {
    h.all.shrink(h.before_main);
}

}  // namespace interleave::detail
