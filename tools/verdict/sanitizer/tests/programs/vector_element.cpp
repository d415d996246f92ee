#include <thread>
#include <vector>

class board {
  public:
    void score(std::size_t player) { points_[player] += 10; }
    int points(std::size_t player) const { return points_[player]; }

  private:
    std::vector<int> points_ = std::vector<int>(4);
};

int main() {
    board game;
    std::thread first([&] { game.score(2); });
    std::thread second([&] { game.score(2); });
    first.join();
    second.join();
    return game.points(2) > 20;
}
