#include "../corpus_topics.hpp"
namespace never_blame { corpus::topic containers() { return {}; } }
