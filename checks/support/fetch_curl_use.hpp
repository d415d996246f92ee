#pragma once
#include <curl/curl.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "support/infrastructure.hpp"

namespace interleave {

/// Lets a check see which threads of an answer use libcurl: it is given memory functions that tell
/// of their calls. They take no lock and order nothing between threads.
class curl_use {
  public:
    using listener = void (*)();

    /// From now on `told` is called, again and again, on every thread that uses libcurl; nobody if
    /// it is null. A function, because threads that an answer left behind may outlive every object.
    static void tell(listener told) {
        if (!installed_) throw infrastructure_error("libcurl was set up before the check began.");
        told_.store(told, std::memory_order_relaxed);
    }

  private:
    static void used() {
        if (const listener told = told_.load(std::memory_order_relaxed)) told();
    }

    static void* allocate(std::size_t size) {
        used();
        return std::malloc(size);
    }

    static void* allocate_zeroed(std::size_t count, std::size_t size) {
        used();
        return std::calloc(count, size);
    }

    static void* reallocate(void* old, std::size_t size) {
        used();
        return std::realloc(old, size);
    }

    static char* duplicate(const char* text) {
        used();
        return ::strdup(text);
    }

    /// libcurl takes memory functions only before its first use, hence before main().
    static bool install() {
        return curl_global_init_mem(CURL_GLOBAL_DEFAULT, allocate, std::free, reallocate, duplicate,
                                    allocate_zeroed) == CURLE_OK;
    }

    inline static std::atomic<listener> told_ = nullptr;
    inline static const bool installed_ = install();
};

}  // namespace interleave
