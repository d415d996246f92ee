// right: The handles of a list share names and cookies, behind locks that libcurl calls for.
#pragma once

#include <curl/curl.h>

#include <array>
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

/// What several handles may use together, such as the addresses of names, with a lock for each
/// kind.
class curl_share {
  public:
    curl_share() : share_(curl_share_init(), curl_share_cleanup) {
        curl_share_setopt(share_.get(), CURLSHOPT_USERDATA, this);
        curl_share_setopt(share_.get(), CURLSHOPT_LOCKFUNC, lock);
        curl_share_setopt(share_.get(), CURLSHOPT_UNLOCKFUNC, unlock);
        curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
        curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    }

    CURLSH* get() const { return share_.get(); }

  private:
    static void lock(CURL*, curl_lock_data what, curl_lock_access, void* self) {
        static_cast<curl_share*>(self)->mutexes_[what].lock();
    }
    static void unlock(CURL*, curl_lock_data what, void* self) {
        static_cast<curl_share*>(self)->mutexes_[what].unlock();
    }

    std::array<std::mutex, CURL_LOCK_DATA_LAST> mutexes_;
    const std::unique_ptr<CURLSH, decltype(&curl_share_cleanup)> share_;
};

inline page fetch(const std::string& url, const curl_share& share) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                     curl_easy_cleanup);
    if (!handle) return {};
    page result;
    curl_easy_setopt(handle.get(), CURLOPT_SHARE, share.get());
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
    const curl_share share;
    std::vector<page> pages(urls.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < urls.size(); ++i) {
            threads.emplace_back([&, i] { pages[i] = fetch(urls[i], share); });
        }
    }
    return pages;
}

}  // namespace lesson
