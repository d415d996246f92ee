// right: The loop as in a C program: raw handles, each cleaned up when its transfer has ended.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace lesson {

struct page {
    long status = 0;
    std::string body;
};

using page_handler = std::function<void(std::size_t index, page)>;

inline std::size_t append(char* data, std::size_t, std::size_t size, void* body) {
    static_cast<std::string*>(body)->append(data, size);
    return size;
}

inline void fetch_all(const std::vector<std::string>& urls, const page_handler& on_page) {
    std::vector<page> pages(urls.size());
    CURLM* multi = curl_multi_init();
    for (std::size_t i = 0; i < urls.size(); ++i) {
        CURL* handle = curl_easy_init();
        curl_easy_setopt(handle, CURLOPT_URL, urls[i].c_str());
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, append);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &pages[i].body);
        curl_easy_setopt(handle, CURLOPT_PRIVATE, &pages[i]);
        curl_multi_add_handle(multi, handle);
    }
    int under_way = 0;
    do {
        curl_multi_perform(multi, &under_way);
        int further = 0;
        while (const CURLMsg* ended = curl_multi_info_read(multi, &further)) {
            CURL* handle = ended->easy_handle;
            const CURLcode end = ended->data.result;
            page* one = nullptr;
            curl_easy_getinfo(handle, CURLINFO_PRIVATE, &one);
            if (end == CURLE_OK) curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &one->status);
            if (end != CURLE_OK) one->body.clear();
            curl_multi_remove_handle(multi, handle);
            curl_easy_cleanup(handle);
            on_page(static_cast<std::size_t>(one - pages.data()), std::move(*one));
        }
        if (under_way > 0) curl_multi_poll(multi, nullptr, 0, 1'000, nullptr);
    } while (under_way > 0);
    curl_multi_cleanup(multi);
}

}  // namespace lesson
