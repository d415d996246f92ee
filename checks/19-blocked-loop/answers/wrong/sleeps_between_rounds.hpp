// wrong: blocked-loop: It sleeps for a fifth of a second between two rounds, whether or not
// something has come in meanwhile.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lesson {

/// What came of asking for one URL.
struct page {
    long status = 0;   ///< The HTTP status; 0 when there was no answer, for whatever reason.
    std::string body;  ///< Empty when there was no answer.
};

/// Takes the page of urls[index]. Does not throw.
using page_handler = std::function<void(std::size_t index, page)>;

/// One request: its libcurl handle and what it has received. libcurl knows it by its address.
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

    /// The transfer that a handle belongs to.
    static transfer& of(CURL* handle) {
        void* self = nullptr;
        curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
        return *static_cast<transfer*>(self);
    }

    CURL* handle() const { return handle_.get(); }
    std::size_t index() const { return index_; }

    /// The page of a transfer that has ended in this way.
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

inline void require(CURLMcode result) {
    if (result != CURLM_OK) throw std::runtime_error(curl_multi_strerror(result));
}

/// Asks for every URL of the list once, for all at the same time, and hands each page over as soon
/// as it is in. All of it happens on the calling thread, which sleeps while nothing comes in; no
/// thread is started. Returns when every page has been handed over. Any thread. Throws
/// std::runtime_error or std::bad_alloc if libcurl cannot be set up.
inline void fetch_all(const std::vector<std::string>& urls, const page_handler& on_page) {
    std::deque<transfer> transfers;
    for (std::size_t i = 0; i < urls.size(); ++i) transfers.emplace_back(i, urls[i]);
    const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(),
                                                                      curl_multi_cleanup);
    if (!multi) throw std::bad_alloc();
    for (transfer& each : transfers) require(curl_multi_add_handle(multi.get(), each.handle()));
    int under_way = 0;
    do {
        require(curl_multi_perform(multi.get(), &under_way));
        int further = 0;
        while (const CURLMsg* ended = curl_multi_info_read(multi.get(), &further)) {
            const CURLcode end = ended->data.result;
            transfer& each = transfer::of(ended->easy_handle);
            curl_multi_remove_handle(multi.get(), each.handle());
            on_page(each.index(), each.take_page(end));
        }
        if (under_way > 0) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    } while (under_way > 0);
}

}  // namespace lesson
