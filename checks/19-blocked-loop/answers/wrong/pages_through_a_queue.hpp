// wrong: too-many-threads: Threads fetch, and the calling thread hands over what they queue.
#pragma once

#include <curl/curl.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <queue>
#include <string>
#include <thread>
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

inline void fetch_all(const std::vector<std::string>& urls, const page_handler& on_page) {
    std::mutex mutex;
    std::condition_variable arrived;
    std::queue<std::pair<std::size_t, page>> pages;  // guarded by mutex
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < urls.size(); ++i) {
        threads.emplace_back([&, i] {
            transfer one(i, urls[i]);
            const CURLcode end = curl_easy_perform(one.handle());
            std::lock_guard lock(mutex);
            pages.emplace(i, one.take_page(end));
            arrived.notify_one();
        });
    }
    for (std::size_t i = 0; i < urls.size(); ++i) {
        std::unique_lock lock(mutex);
        arrived.wait(lock, [&] { return !pages.empty(); });
        auto [index, one] = std::move(pages.front());
        pages.pop();
        lock.unlock();
        on_page(index, std::move(one));
    }
}

}  // namespace lesson
