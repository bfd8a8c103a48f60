#include "sim/scenario/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "sim/scenario/limits.h"

namespace sim {
namespace {

std::optional<std::size_t> index_of(std::string_view name) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return index;
}

std::vector<std::string> split_path(std::string_view path) {
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

// Null where the text is not UTF-8.
OwnedJson value_of(const std::string& text) {
  OwnedJson value(
      json_loadb(text.data(), text.size(), JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, nullptr));
  if (value == nullptr) value.reset(json_stringn(text.data(), text.size()));
  return value;
}

class Overrider {
 public:
  Overrider(json_t* root, Problems& problems) : root_(root), problems_(problems) {}

  void set(const std::string& path, const std::string& option, OwnedJson value) {
    path_ = path;
    sources_.push_back({path, option});
    if (value == nullptr) return fail("is not UTF-8", "JSON, or a text for a string");
    const auto names = split_path(path);
    if (std::find(names.begin(), names.end(), "") != names.end()) {
      return fail("is not a path", "as herds.0.propagation");
    }
    json_t* at = root_;
    std::string walked;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool last = i + 1 == names.size();
      if (json_is_object(at)) {
        json_t* const next = json_object_get(at, names[i].c_str());
        if (last || next == nullptr) {
          // What is missing on the way is made, so that a default can be changed in part.
          if (!wrap(names, i + 1, value)) return;
          walked += (walked.empty() ? "" : ".") + names[i];
          sources_.back().path = walked;
          json_object_set_new(at, names[i].c_str(), value.release());
          return;
        }
        at = next;
      } else if (json_is_array(at)) {
        const auto index = index_of(names[i]);
        const std::size_t size = json_array_size(at);
        if (!index || *index >= size) {
          return fail(fmt::format("{} is not in the list {}", quoted(names[i]), quoted(walked)),
                      size == 0 ? "it is empty" : fmt::format("an index from 0 to {}", size - 1));
        }
        if (last) {
          json_array_set_new(at, *index, value.release());
          return;
        }
        at = json_array_get(at, *index);
      } else {
        return fail(fmt::format("{} is neither an object nor a list", quoted(walked)),
                    fmt::format("all of {} at once", quoted(walked)));
      }
      walked += (walked.empty() ? "" : ".") + names[i];
    }
  }

  std::vector<Source> take_sources() { return std::move(sources_); }

 private:
  // Puts the value into new objects, one for each name from `first` on.
  bool wrap(const std::vector<std::string>& names, std::size_t first, OwnedJson& value) {
    for (std::size_t i = names.size(); i-- > first;) {
      if (index_of(names[i])) {
        fail("leads to what is not there", "a list can only be given whole");
        return false;
      }
      OwnedJson object(json_object());
      json_object_set_new(object.get(), names[i].c_str(), value.release());
      value = std::move(object);
    }
    return true;
  }

  void fail(std::string wrong, std::string right) {
    problems_.add(path_, std::move(wrong), std::move(right));
  }

  json_t* root_;
  Problems& problems_;
  std::string path_;  // of the one being set
  std::vector<Source> sources_;
};

}  // namespace

std::vector<Source> apply_overrides(json_t* root, const LoadOptions& options, Problems& problems) {
  Overrider overrider(root, problems);
  for (const Override& each : options.overrides) {
    overrider.set(each.path, "--set " + each.path, value_of(each.value));
  }
  if (options.seed) {
    // Beyond what JSON can say, it goes in as a number that the reader finds out of range.
    const bool fits = *options.seed <= static_cast<std::uint64_t>(kMaxSeed);
    overrider.set("seed", "--seed",
                  OwnedJson(fits ? json_integer(static_cast<json_int_t>(*options.seed))
                                 : json_real(static_cast<double>(*options.seed))));
  }
  if (options.clock) {
    overrider.set("clock", "--clock",
                  OwnedJson(json_stringn(options.clock->data(), options.clock->size())));
  }
  return overrider.take_sources();
}

}  // namespace sim
