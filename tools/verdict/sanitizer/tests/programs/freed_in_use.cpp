#include <thread>

struct message {
    int size = 1;
};

int main() {
    auto* note = new message;
    int seen = 0;
    std::thread sender([=] { delete note; });
    std::thread receiver([&seen, note] { seen = note->size; });
    sender.join();
    receiver.join();
    return seen > 1;
}
