#include "sim/script/read/unset_path.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "sim/base/text/numbers.h"
#include "sim/script/read/set_path.h"
#include "sim/script/read/suggest.h"

namespace sim {
namespace {

class PathUnsetter {
 public:
  explicit PathUnsetter(const std::string& path) : names_(split_path(path)) {}

  // Removes what names_[i] and the names behind it lead to from `at`, the value at `walked`.
  void unset_below(json_t* at, const std::string& walked, std::size_t i) {
    if (json_is_object(at)) {
      unset_member(at, walked, i);
    } else if (json_is_array(at)) {
      unset_items(at, walked, i);
    }
  }

  std::vector<std::string> take_places() { return std::move(places_); }

  // Returns the nearest names beside the last one that was looked for in vain; empty if none is
  // near.
  std::string meant() const {
    const auto name = suggest(missing_, beside_);
    return name ? "did you mean " + sim::quoted(*name) + "?" : std::string();
  }

 private:
  void unset_member(json_t* at, const std::string& walked, std::size_t i) {
    const std::string place = walked.empty() ? names_[i] : walked + '.' + names_[i];
    json_t* const member = json_object_get(at, names_[i].c_str());
    if (member == nullptr) {
      note_missing(at, names_[i]);
    } else if (i + 1 < names_.size()) {
      unset_below(member, place, i + 1);
    } else {
      json_object_del(at, names_[i].c_str());
      places_.push_back(place);
    }
  }

  void unset_items(json_t* at, const std::string& walked, std::size_t i) {
    const auto index = read_whole<std::size_t>(names_[i]);
    // From the last one on, so that the places of the others stay as they are.
    for (std::size_t item = json_array_size(at); item-- > 0;) {
      if (names_[i] != "*" && index != item) continue;
      const std::string place = walked + '.' + std::to_string(item);
      if (i + 1 < names_.size()) {
        unset_below(json_array_get(at, item), place, i + 1);
      } else {
        json_array_remove(at, item);
        places_.push_back(place);
      }
    }
  }

  void note_missing(json_t* at, const std::string& name) {
    missing_ = name;
    beside_.clear();
    const char* key = nullptr;
    json_t* member = nullptr;
    json_object_foreach(at, key, member) { beside_.emplace_back(key); }
  }

  const std::vector<std::string> names_;
  std::vector<std::string> places_;
  std::string missing_;
  std::vector<std::string> beside_;
};

}  // namespace

std::vector<std::string> unset_path(json_t* root, const std::string& path, Problems& problems) {
  PathUnsetter unsetter(path);
  unsetter.unset_below(root, "", 0);
  std::vector<std::string> places = unsetter.take_places();
  if (!places.empty()) return places;
  const std::string meant = unsetter.meant();
  problems.add(path, "is not in the scenario, so there is nothing to unset",
               meant.empty() ? "a key that the scenario has" : meant);
  return {path};
}

}  // namespace sim
