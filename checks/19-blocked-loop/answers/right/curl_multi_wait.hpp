// right: The older curl_multi_wait() waits, on a map from handles to transfers.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lesson {

struct page {
    long status = 0;
    std::string body;
};

using page_handler = std::function<void(std::size_t index, page)>;

inline void fetch_all(const std::vector<std::string>& urls, const page_handler& on_page) {
    struct running {
        std::size_t index;
        page received;
    };
    const auto append = +[](char* data, std::size_t, std::size_t size, void* body) {
        static_cast<std::string*>(body)->append(data, size);
        return size;
    };
    std::unordered_map<CURL*, running> transfers;
    CURLM* multi = curl_multi_init();
    for (std::size_t i = 0; i < urls.size(); ++i) {
        CURL* handle = curl_easy_init();
        running& one = transfers.try_emplace(handle, running{i, {}}).first->second;
        curl_easy_setopt(handle, CURLOPT_URL, urls[i].c_str());
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, append);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &one.received.body);
        curl_multi_add_handle(multi, handle);
    }
    while (!transfers.empty()) {
        int under_way = 0;
        curl_multi_perform(multi, &under_way);
        int further = 0;
        while (CURLMsg* ended = curl_multi_info_read(multi, &further)) {
            CURL* handle = ended->easy_handle;
            auto [index, received] = std::move(transfers.extract(handle).mapped());
            if (ended->data.result == CURLE_OK) {
                curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &received.status);
            } else {
                received = {};
            }
            curl_multi_remove_handle(multi, handle);
            curl_easy_cleanup(handle);
            on_page(index, std::move(received));
        }
        if (!transfers.empty()) curl_multi_wait(multi, nullptr, 0, 1'000, nullptr);
    }
    curl_multi_cleanup(multi);
}

}  // namespace lesson
