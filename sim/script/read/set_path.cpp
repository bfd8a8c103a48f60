#include "sim/script/read/set_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/base/text/numbers.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kEach = "*";
constexpr std::size_t kMostMade = 64U << 20U;  // about the bytes of all copies of a value

// Returns about the number of bytes that a copy of the value takes.
std::size_t size_of(const json_t* value) {
  constexpr std::size_t kOfValue = 64;
  std::size_t size = kOfValue + string_of(value).size();
  for (std::size_t i = 0; i < json_array_size(value); ++i)
    size += size_of(json_array_get(value, i));
  const char* key = nullptr;
  json_t* member = nullptr;
  json_object_foreach(const_cast<json_t*>(value), key, member) {
    size += kOfValue + std::string_view(key).size() + size_of(member);
  }
  return size;
}

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + '.' + name;
}

class PathSetter {
 public:
  PathSetter(const std::string& path, const json_t* value, Problems& problems)
      : path_(path), names_(split_path(path)), value_(value), problems_(problems) {}

  std::vector<std::string> set(json_t* root) {
    if (std::find(names_.begin(), names_.end(), "") != names_.end()) {
      fail("is not a path", "as herds.0.propagation");
    } else if (names_.size() > kMaxNesting) {
      fail("is a path of too many names", fmt::format("at most {}", kMaxNesting));
    } else {
      set_below(root, "", 0);
    }
    if (failed_) return {path_};
    return std::move(set_);
  }

 private:
  // Sets the places that names_[i] and the names behind it lead to from `at`, the value at
  // `walked`.
  void set_below(json_t* at, const std::string& walked, std::size_t i) {
    if (failed_) return;
    if (json_is_object(at)) {
      set_member(at, walked, i);
    } else if (json_is_array(at)) {
      set_items(at, walked, i);
    } else {
      fail(fmt::format("{} is neither an object nor a list", quoted(walked)),
           fmt::format("all of {} at once", quoted(walked)));
    }
  }

  void set_member(json_t* at, const std::string& walked, std::size_t i) {
    const std::string place = joined(walked, names_[i]);
    json_t* const next = json_object_get(at, names_[i].c_str());
    if (i + 1 < names_.size() && next != nullptr) return set_below(next, place, i + 1);
    OwnedJson value = wrapped(i + 1);
    if (value == nullptr || !has_room()) return;
    set_.push_back(place);
    json_object_set_new(at, names_[i].c_str(), value.release());
  }

  void set_items(json_t* at, const std::string& walked, std::size_t i) {
    const std::size_t size = json_array_size(at);
    const auto index = read_whole<std::size_t>(names_[i]);
    if (names_[i] == kEach && size > 0) {
      for (std::size_t item = 0; item < size; ++item) set_item(at, walked, i, item);
    } else if (index && *index < size) {
      set_item(at, walked, i, *index);
    } else {
      fail(fmt::format("{} is not in the list {}", quoted(names_[i]), quoted(walked)),
           size == 0 ? "it is empty" : fmt::format("an index from 0 to {}", size - 1));
    }
  }

  void set_item(json_t* at, const std::string& walked, std::size_t i, std::size_t item) {
    const std::string place = joined(walked, std::to_string(item));
    if (i + 1 < names_.size()) return set_below(json_array_get(at, item), place, i + 1);
    if (!has_room()) return;
    set_.push_back(place);
    json_array_set_new(at, item, json_deep_copy(value_));
  }

  // Returns the value inside new objects, one for each name from `first` on.
  OwnedJson wrapped(std::size_t first) {
    OwnedJson value(json_deep_copy(value_));
    for (std::size_t i = names_.size(); i-- > first;) {
      if (read_whole<std::size_t>(names_[i]) || names_[i] == kEach) {
        fail("leads to what is not there", "a list can only be given whole");
        return nullptr;
      }
      OwnedJson object(json_object());
      json_object_set_new(object.get(), names_[i].c_str(), value.release());
      value = std::move(object);
    }
    return value;
  }

  // Counts another copy of the value. Reports the one that is too much.
  bool has_room() {
    made_ += size_;
    if (made_ <= kMostMade) return true;
    fail("sets so many copies of so large a value that they would not fit", "fewer, or less");
    return false;
  }

  void fail(std::string wrong, std::string right) {
    problems_.add(path_, std::move(wrong), std::move(right));
    failed_ = true;
  }

  const std::string& path_;
  const std::vector<std::string> names_;
  const json_t* value_;
  const std::size_t size_ = size_of(value_);
  std::size_t made_ = 0;  // the size of all copies
  Problems& problems_;
  bool failed_ = false;
  std::vector<std::string> set_;
};

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  constexpr std::string_view kSweep = "sweep.";
  if (path.starts_with(kSweep)) {
    const std::string_view key = path.substr(kSweep.size());
    if (key == "seed.count") return {"sweep", "seed", "count"};
    return {"sweep", std::string(key)};
  }
  std::vector<std::string> names(1);
  for (const char c : path) {
    if (c == '.') {
      names.emplace_back();
    } else {
      names.back() += c;
    }
  }
  return names;
}

std::vector<std::string> set_path(json_t* root, const std::string& path, const json_t* value,
                                  Problems& problems) {
  return PathSetter(path, value, problems).set(root);
}

}  // namespace sim
