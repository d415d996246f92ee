#include <thread>

struct node {
    int value = 0;
    node* next = nullptr;
};

int second_value(const node* head) {
    return head->next->value;
}

int main() {
    node head;
    int value = 0;
    std::thread walker([&] { value = second_value(&head); });
    walker.join();
    return value;
}
