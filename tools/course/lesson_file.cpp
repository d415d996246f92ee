// Reads lesson.toml: every key of the format is named here once.

#include <fmt/format.h>
#include <toml++/toml.h>

#include <set>
#include <string_view>

#include "course/course.hpp"
#include "course/files.hpp"

namespace interleave {
namespace {

namespace fs = std::filesystem;

/// One lesson.toml while it is read. Mistakes are collected, so that all are told at once.
class reader {
  public:
    explicit reader(fs::path file) : file_(std::move(file)) {
        try {
            table_ = toml::parse(read_file(file_), file_.string());
        } catch (const toml::parse_error& mistake) {
            complain(mistake.source().begin.line,
                     fmt::format("this is not TOML: {}.", mistake.description()));
            finish();
        }
    }

    std::string text(const char* key) {
        const toml::node* found = find(key);
        if (!found) return {};
        const auto value = found->value_exact<std::string>();
        if (!value || trimmed(*value).empty()) {
            complain(*found, fmt::format("\"{}\" has to be a text that is not empty.", key));
            return {};
        }
        return *value;
    }

    kind failure(const char* key) {
        const std::string written = text(key);
        if (written.empty()) return kind::none;
        const auto value = parse_kind(written);
        if (!value || *value == kind::none) {
            complain(*table_.get(key), fmt::format("\"{}\" is no kind of failure, as race and "
                                                   "wrong-result are.",
                                                   written));
        }
        return value.value_or(kind::none);
    }

    std::vector<std::string> texts(const char* key) {
        std::vector<std::string> values;
        const toml::node* found = find(key);
        if (!found) return values;
        const toml::array* array = found->as_array();
        if (!array) complain(*found, fmt::format("\"{}\" has to be a list of texts.", key));
        for (std::size_t i = 0; array && i < array->size(); ++i) {
            if (const auto value = array->at(i).value_exact<std::string>()) {
                values.push_back(*value);
            } else {
                complain(array->at(i), fmt::format("\"{}\" may hold texts only.", key));
            }
        }
        return values;
    }

    std::map<stage, int> points(const char* key) {
        std::map<stage, int> values;
        const toml::node* found = find(key);
        if (!found) return values;
        const toml::table* table = found->as_table();
        if (!table || table->empty()) {
            complain(*found, fmt::format("[{}] has to name the stages and their points.", key));
            return values;
        }
        for (const auto& [name, node] : *table) {
            const auto which = parse_stage(name.str());
            const auto worth = node.value_exact<std::int64_t>();
            if (!which) {
                complain(node, fmt::format("there is no stage \"{}\".", name.str()));
            } else if (!worth || *worth < 0 || *worth > 100) {
                complain(node, fmt::format("the points of {} have to be a number from 0 to 100.",
                                           name.str()));
            } else {
                values[*which] = static_cast<int>(*worth);
            }
        }
        return values;
    }

    /// Throws course_error if there was a mistake, or a key that nobody asked for.
    void finish() {
        for (const auto& [key, node] : table_) {
            if (known_.count(std::string(key.str())) == 0) {
                complain(key.source().begin.line,
                         fmt::format("the key \"{}\" is not known.", key.str()));
            }
        }
        if (!mistakes_.empty()) throw course_error(mistakes_);
    }

  private:
    const toml::node* find(const char* key) {
        known_.insert(key);
        const toml::node* found = table_.get(key);
        if (!found) complain(1, fmt::format("the key \"{}\" is missing.", key));
        return found;
    }

    void complain(const toml::node& at, const std::string& sentence) {
        complain(at.source().begin.line, sentence);
    }

    void complain(toml::source_index line, const std::string& sentence) {
        if (!mistakes_.empty()) mistakes_ += '\n';
        mistakes_ += fmt::format("{}:{}: {}", file_.string(), line, sentence);
    }

    fs::path file_;
    toml::table table_;
    std::set<std::string> known_;
    std::string mistakes_;
};

}  // namespace

lesson load_lesson(const fs::path& root, const std::string& id) {
    lesson loaded;
    loaded.id = id;
    loaded.folder = root / "lessons" / id;
    const fs::path file = loaded.folder / "lesson.toml";
    if (!fs::is_regular_file(file)) {
        throw course_error(file.string() + ":1: this file is missing.");
    }
    reader from(file);
    loaded.title = from.text("title");
    loaded.chapter = from.text("chapter");
    loaded.idea = from.text("idea");
    loaded.file = from.text("file");
    loaded.python = from.text("python");
    loaded.fails_with = from.failure("fails_with");
    loaded.includes = from.texts("includes");
    loaded.points = from.points("stages");
    from.finish();
    if (fs::path(loaded.file).filename() != loaded.file) {
        throw course_error(file.string() + ":1: \"file\" has to be a file name without a folder.");
    }
    loaded.solution = root / "solutions" / id / loaded.file;
    loaded.check = root / "checks" / id / "check.cpp";
    loaded.starter = root / "checks" / id / "answers" / "starter" / loaded.file;
    return loaded;
}

}  // namespace interleave
