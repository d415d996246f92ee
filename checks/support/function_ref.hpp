#pragma once

namespace interleave {

/// A call of something that lives elsewhere, and must outlive it, as std::function_ref of C++26.
/// What takes one need be no template, so that an answer's build does not make std::thread or
/// std::function again for each lambda of its check: that took half of the time of some.
template <class Signature>
class function_ref;

template <class Result, class... Arguments>
class function_ref<Result(Arguments...)> {
  public:
    template <class Function>
    function_ref(const Function& function)
        : object_(&function), call_([](const void* object, Arguments... arguments) -> Result {
              return (*static_cast<const Function*>(object))(arguments...);
          }) {}

    Result operator()(Arguments... arguments) const { return call_(object_, arguments...); }

  private:
    const void* object_;
    Result (*call_)(const void*, Arguments...);
};

}  // namespace interleave
