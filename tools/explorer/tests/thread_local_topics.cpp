#include "corpus_topics.hpp"

namespace corpus {

std::vector<topic> wrong_programs() {
    return {must_find::thread_locals()};
}

std::vector<topic> correct_programs() {
    return {never_blame::thread_locals()};
}

}  // namespace corpus
