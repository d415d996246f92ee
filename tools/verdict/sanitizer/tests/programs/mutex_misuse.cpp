#include <pthread.h>
#include <unistd.h>

#include <cstring>

pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;

void unlock_unlocked() {
    pthread_mutex_unlock(&door);
}

void destroy_locked() {
    pthread_mutex_t own;
    pthread_mutex_init(&own, nullptr);
    pthread_mutex_lock(&own);
    pthread_mutex_destroy(&own);
}

void* nothing(void*) {
    return nullptr;
}

void leak_thread() {
    pthread_t thread;
    pthread_create(&thread, nullptr, nothing, nullptr);
    usleep(200000);  // only a thread that has ended counts as leaked
}

// A real second lock never returns, so the sanitizer is only told of one.
extern "C" void __tsan_mutex_pre_lock(void* mutex, unsigned flags);
extern "C" void __tsan_mutex_post_lock(void* mutex, unsigned flags, int recursion);

void* keep_locked(void*) {
    pthread_mutex_lock(&door);
    return nullptr;
}

void double_lock() {
    pthread_t thread;
    pthread_create(&thread, nullptr, keep_locked, nullptr);
    pthread_join(thread, nullptr);
    __tsan_mutex_pre_lock(&door, 0);
    __tsan_mutex_post_lock(&door, 0, 0);
}

int main(int argc, char** argv) {
    if (argc < 2) return 1;
    if (std::strcmp(argv[1], "unlock") == 0) unlock_unlocked();
    if (std::strcmp(argv[1], "destroy") == 0) destroy_locked();
    if (std::strcmp(argv[1], "leak") == 0) leak_thread();
    if (std::strcmp(argv[1], "double") == 0) double_lock();
}
