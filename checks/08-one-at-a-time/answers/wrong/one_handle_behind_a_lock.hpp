// wrong: no-overlap: All threads share one handle, and each holds its lock for a whole request.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace lesson {

struct page {
    long status = 0;
    std::string body;
};

inline void set_up_curl() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (done != CURLE_OK) throw std::runtime_error(curl_easy_strerror(done));
}

inline std::size_t append(char* data, std::size_t, std::size_t size, void* body) {
    static_cast<std::string*>(body)->append(data, size);
    return size;
}

/// One handle for all threads, so that its connection is used again.
class client {
  public:
    client() : handle_(curl_easy_init(), curl_easy_cleanup) {}

    page fetch(const std::string& url) {
        std::lock_guard lock(mutex_);
        page result;
        curl_easy_setopt(handle_.get(), CURLOPT_URL, url.c_str());
        curl_easy_setopt(handle_.get(), CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, append);
        curl_easy_setopt(handle_.get(), CURLOPT_WRITEDATA, &result.body);
        if (curl_easy_perform(handle_.get()) != CURLE_OK) return {};
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &result.status);
        return result;
    }

  private:
    std::mutex mutex_;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;  // guarded by mutex_
};

inline std::vector<page> fetch_all(const std::vector<std::string>& urls) {
    set_up_curl();
    client shared;
    std::vector<page> pages(urls.size());
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < urls.size(); ++i) {
        threads.emplace_back([&, i] { pages[i] = shared.fetch(urls[i]); });
    }
    threads.clear();
    return pages;
}

}  // namespace lesson
