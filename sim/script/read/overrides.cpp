#include "sim/script/read/overrides.h"

#include <string>
#include <utility>

#include "sim/script/read/set_path.h"
#include "sim/script/read/unset_path.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

// Returns null if the text is not UTF-8.
OwnedJson value_of(const std::string& text) {
  OwnedJson value(
      json_loadb(text.data(), text.size(), JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, nullptr));
  if (value == nullptr) value.reset(json_stringn(text.data(), text.size()));
  return value;
}

class Overrider {
 public:
  Overrider(json_t* root, Problems& problems) : root_(root), problems_(problems) {}

  void set(const std::string& path, const std::string& option, const OwnedJson& value) {
    if (value == nullptr) {
      problems_.add(path, "is not UTF-8", "JSON, or a text for a string");
      sources_.push_back({path, option});
      return;
    }
    auto places =
        json_is_null(value.get()) ? unset(path) : set_path(root_, path, value.get(), problems_);
    for (std::string& place : places) {
      sources_.push_back({std::move(place), option});
    }
  }

  std::vector<Source> take_sources() { return std::move(sources_); }

 private:
  // A scenario without a sweep is what `sweep=null` asks for.
  std::vector<std::string> unset(const std::string& path) {
    if (path == "sweep" && json_object_get(root_, "sweep") == nullptr) return {};
    return unset_path(root_, path, problems_);
  }

  json_t* root_;
  Problems& problems_;
  std::vector<Source> sources_;
};

}  // namespace

std::vector<Source> apply_overrides(json_t* root, const LoadOptions& options, Problems& problems) {
  Overrider overrider(root, problems);
  for (const Override& each : options.overrides) {
    overrider.set(each.path, "--set " + each.path, value_of(each.value));
  }
  if (options.seed) {
    // Too large for JSON: the reader finds this number out of range.
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
