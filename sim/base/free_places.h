// The places of a list that no item uses at the moment, for the next items. The place that was
// given back last is taken first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sim {

// `Id` is what a place is called: a number, or a herd::Id.
template <class Id = std::uint32_t>
class FreePlaces {
 public:
  // Returns a free place of `items`; the item there is as it was left. If there is none, appends an
  // item made of `args`.
  template <class Items, class... Args>
  Id take(Items& items, Args&&... args) {
    if (free_.empty()) {
      items.emplace_back(std::forward<Args>(args)...);
      return Id{static_cast<std::uint32_t>(items.size() - 1)};
    }
    const Id place = free_.back();
    free_.pop_back();
    return place;
  }
  // Precondition: the place was taken, and was not given back since.
  void give_back(Id place) { free_.push_back(place); }
  // Gives the first `count` places back, whether they were taken or not, and forgets all others.
  void give_back_all(std::uint32_t count) {
    free_.clear();
    while (count-- > 0) free_.push_back(Id{count});
  }
  // Frees the memory of the items, and of their places, if they are more than `most` and none is
  // in use.
  template <class Items>
  void drop_unused(Items& items, std::size_t most) {
    if (items.size() <= most || free_.size() < items.size()) return;
    items = Items();
    free_ = std::vector<Id>();
  }

 private:
  std::vector<Id> free_;
};

}  // namespace sim
