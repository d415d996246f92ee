#pragma once

/// 1 in what is compiled for ThreadSanitizer, with either compiler; also for the explorer, which is
/// linked in its place.
#if defined(__SANITIZE_THREAD__)
#define INTERLEAVE_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define INTERLEAVE_THREAD_SANITIZER 1
#endif
#endif
#if !defined(INTERLEAVE_THREAD_SANITIZER)
#define INTERLEAVE_THREAD_SANITIZER 0
#endif
