#include "support/waiting_call.hpp"

#include <utility>

#include "support/threads.hpp"

namespace interleave {

waiting_call::waiting_call(std::function<void()> call)
    : thread_([this, call = std::move(call)] {
          id_.set_value(thread_id());
          call();
          returned_ = true;
      }) {}

waiting_call::~waiting_call() = default;

bool waiting_call::falls_asleep() {
    if (number_ == 0) number_ = id_.get_future().get();
    return interleave::falls_asleep(number_);
}

}  // namespace interleave
