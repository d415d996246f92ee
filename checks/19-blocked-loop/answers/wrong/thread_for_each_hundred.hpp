// wrong: too-many-threads: A list of more than a hundred URLs is shared out among several loops,
// each on a thread of its own.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
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

class transfer {
  public:
    transfer(std::size_t index, const std::string& url)
        : index_(index), handle_(curl_easy_init(), curl_easy_cleanup) {
        if (!handle_) throw std::bad_alloc();
        curl_easy_setopt(handle(), CURLOPT_URL, url.c_str());
        curl_easy_setopt(handle(), CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle(), CURLOPT_WRITEFUNCTION, append);
        curl_easy_setopt(handle(), CURLOPT_WRITEDATA, &received_.body);
        curl_easy_setopt(handle(), CURLOPT_PRIVATE, this);
    }
    transfer(const transfer&) = delete;
    transfer& operator=(const transfer&) = delete;

    static transfer& of(CURL* handle) {
        void* self = nullptr;
        curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
        return *static_cast<transfer*>(self);
    }

    CURL* handle() const { return handle_.get(); }
    std::size_t index() const { return index_; }

    page take_page(CURLcode end) {
        if (end != CURLE_OK) return {};
        curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &received_.status);
        return std::move(received_);
    }

  private:
    static std::size_t append(char* data, std::size_t, std::size_t size, void* body) {
        static_cast<std::string*>(body)->append(data, size);
        return size;
    }

    const std::size_t index_;
    page received_;
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

inline void fetch_few(const std::vector<std::string>& urls, const page_handler& on_page) {
    std::deque<transfer> transfers;
    for (std::size_t i = 0; i < urls.size(); ++i) transfers.emplace_back(i, urls[i]);
    const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(),
                                                                      curl_multi_cleanup);
    for (transfer& each : transfers) curl_multi_add_handle(multi.get(), each.handle());
    int under_way = 0;
    do {
        curl_multi_perform(multi.get(), &under_way);
        int further = 0;
        while (const CURLMsg* ended = curl_multi_info_read(multi.get(), &further)) {
            const CURLcode end = ended->data.result;
            transfer& each = transfer::of(ended->easy_handle);
            curl_multi_remove_handle(multi.get(), each.handle());
            on_page(each.index(), each.take_page(end));
        }
        if (under_way > 0) curl_multi_poll(multi.get(), nullptr, 0, 1'000, nullptr);
    } while (under_way > 0);
}

inline void fetch_all(const std::vector<std::string>& urls, const page_handler& on_page) {
    constexpr std::size_t most = 100;
    if (urls.size() <= most) return fetch_few(urls, on_page);
    std::mutex handing_over;
    std::vector<std::future<void>> loops;
    for (std::size_t first = 0; first < urls.size(); first += most) {
        loops.push_back(std::async(std::launch::async, [&, first] {
            const auto begin = urls.begin() + static_cast<std::ptrdiff_t>(first);
            const auto count = static_cast<std::ptrdiff_t>(std::min(most, urls.size() - first));
            fetch_few({begin, begin + count}, [&](std::size_t index, page one) {
                const std::lock_guard lock(handing_over);
                on_page(first + index, std::move(one));
            });
        }));
    }
    for (std::future<void>& each : loops) each.get();
}

}  // namespace lesson
