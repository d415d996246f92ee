// right: libcurl drives all transfers at once on the calling thread.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
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

inline std::vector<page> fetch_all(const std::vector<std::string>& urls) {
    set_up_curl();
    std::vector<page> pages(urls.size());
    CURLM* multi = curl_multi_init();
    for (std::size_t i = 0; i < urls.size(); ++i) {
        CURL* handle = curl_easy_init();
        curl_easy_setopt(handle, CURLOPT_URL, urls[i].c_str());
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, append);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &pages[i].body);
        curl_easy_setopt(handle, CURLOPT_PRIVATE, &pages[i]);
        curl_multi_add_handle(multi, handle);
    }
    int running = 0;
    do {
        curl_multi_perform(multi, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            CURL* handle = message->easy_handle;
            page* done = nullptr;
            curl_easy_getinfo(handle, CURLINFO_PRIVATE, &done);
            if (message->data.result == CURLE_OK) {
                curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &done->status);
            } else {
                *done = {};
            }
            curl_multi_remove_handle(multi, handle);
            curl_easy_cleanup(handle);
        }
        if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
    } while (running > 0);
    curl_multi_cleanup(multi);
    return pages;
}

}  // namespace lesson
