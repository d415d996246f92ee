// wrong: wrong-result: A request is given up after 30 ms, so that the page of a server that takes
// 50 ms is lost.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace lesson {

/// What came of asking for one URL.
struct page {
    long status = 0;   ///< The HTTP status; 0 when there was no answer, for whatever reason.
    std::string body;  ///< Empty when there was no answer.
};

/// Sets libcurl up, once, before its first use.
inline void set_up_curl() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (done != CURLE_OK) throw std::runtime_error(curl_easy_strerror(done));
}

/// libcurl hands over what has come in of a body.
inline std::size_t append(char* data, std::size_t, std::size_t size, void* body) {
    static_cast<std::string*>(body)->append(data, size);
    return size;
}

/// Asks for one URL and blocks until its answer is in. Any thread, once set_up_curl() has returned.
inline page fetch(const std::string& url) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                     curl_easy_cleanup);
    if (!handle) return {};
    page result;
    curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, 30L);  // nobody may hold up the others
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &result.body);
    if (curl_easy_perform(handle.get()) != CURLE_OK) return {};
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &result.status);
    return result;
}

/// Asks for every URL of the list once, for all at the same time, and returns when the last answer
/// is in: pages[i] is the page of urls[i]. A URL without an answer affects no other. When it
/// returns, no thread that it started is left. Any thread. Throws std::runtime_error if libcurl
/// cannot be set up.
inline std::vector<page> fetch_all(const std::vector<std::string>& urls) {
    set_up_curl();
    std::vector<page> pages(urls.size());
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < urls.size(); ++i) {
        threads.emplace_back([&urls, &pages, i] { pages[i] = fetch(urls[i]); });
    }
    threads.clear();
    return pages;
}

}  // namespace lesson
