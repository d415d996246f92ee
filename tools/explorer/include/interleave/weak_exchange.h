#pragma once

// Force-included before every other header of an explored program (-include), C or C++. With
// -fsanitize=thread clang compiles a weak compare-exchange like a strong one, which never fails for
// no reason. Here it is handed to the explorer as the weak one that it is. gcc needs no help.
//
// <atomic> of libstdc++ and of libc++ and <stdatomic.h> are made of these builtins. Where the
// explorer is not linked nothing defines the function, and nothing changes.

#if defined(__clang__) && defined(__linux__)
#if __has_feature(thread_sanitizer)
#pragma GCC system_header

#ifdef __cplusplus
extern "C" bool
#else
extern _Bool
#endif
    __attribute__((weak))
    interleave_exchange_weak(volatile void* place, void* expected, const void* desired,
                             __SIZE_TYPE__ size, int success, int failure);

#define __atomic_compare_exchange(place, expected, desired, weak, success, failure)        \
    ((weak) && interleave_exchange_weak                                                    \
         ? interleave_exchange_weak(place, expected, desired, sizeof *(expected), success, \
                                    failure)                                               \
         : __atomic_compare_exchange(place, expected, desired, weak, success, failure))

#define __atomic_compare_exchange_n(place, expected, desired, weak, success, failure)             \
    ((weak) && interleave_exchange_weak                                                           \
         ? __extension__({                                                                        \
               __typeof__(*(expected)) interleave_desired = (desired);                            \
               interleave_exchange_weak(place, expected, &interleave_desired, sizeof *(expected), \
                                        success, failure);                                        \
           })                                                                                     \
         : __atomic_compare_exchange_n(place, expected, desired, weak, success, failure))

#define __c11_atomic_compare_exchange_weak(place, expected, desired, success, failure)          \
    (interleave_exchange_weak                                                                   \
         ? __extension__({                                                                      \
               __typeof__(*(expected)) interleave_desired = (desired);                          \
               interleave_exchange_weak((volatile void*)(place), expected, &interleave_desired, \
                                        sizeof *(expected), success, failure);                  \
           })                                                                                   \
         : __c11_atomic_compare_exchange_weak(place, expected, desired, success, failure))

#endif
#endif
