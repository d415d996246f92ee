// right: Packaged tasks run on threads that are waited for by a latch and then joined.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <future>
#include <latch>
#include <list>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
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

inline page fetch(const std::string& url) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                     curl_easy_cleanup);
    if (!handle) return {};
    page result;
    curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &result.body);
    if (curl_easy_perform(handle.get()) != CURLE_OK) return {};
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &result.status);
    return result;
}

inline std::vector<page> fetch_all(const std::vector<std::string>& urls) {
    set_up_curl();
    std::latch all_in(static_cast<std::ptrdiff_t>(urls.size()));
    std::vector<std::future<page>> coming;
    std::list<std::thread> threads;
    for (const std::string& url : urls) {
        std::packaged_task<page()> task([&url] { return fetch(url); });
        coming.push_back(task.get_future());
        threads.emplace_back([&all_in, task = std::move(task)]() mutable {
            task();
            all_in.count_down();
        });
    }
    all_in.wait();
    std::vector<page> pages;
    for (std::future<page>& each : coming) pages.push_back(each.get());
    for (std::thread& each : threads) each.join();
    return pages;
}

}  // namespace lesson
