// What is wrong with the points of a sweep, each thing told once.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sim/app/sweep/sweep.h"
#include "sim/script/read/problems.h"

namespace sim {

class PointProblems {
 public:
  // `told` is told already, and not once more. The sweep must outlive this.
  PointProblems(const Sweep& sweep, const Problems& told);

  // What is wrong with the point of a choice, whose keys have set these places.
  void add(const std::vector<std::size_t>& choice,
           const std::vector<std::vector<std::string>>& places, const Problems& problems);

  // Reports each thing with the swept keys that it hangs on and the values that it takes: the key
  // that set the place at which it is, and those of which only some values have it.
  void tell(Problems& problems) const;

 private:
  struct Found {
    Problem problem;
    std::optional<std::size_t> key;       // the one that set the place
    std::vector<std::vector<bool>> with;  // for each key and value, whether a point with it has it
  };

  std::string cause(const Found& found) const;

  const Sweep& sweep_;
  std::vector<Found> found_;  // in order of appearance
  std::unordered_set<std::string> told_;
  std::unordered_map<std::string, std::size_t> index_;  // in found_, by what the problem says
};

}  // namespace sim
