// Collects the errors of a sweep's points, and reports each once.
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
  // The problems in `told` have been reported already and are not reported again. The sweep must
  // outlive this.
  PointProblems(const Sweep& sweep, const Problems& told);

  // Adds the problems of the point with this choice of values, whose keys have set these paths.
  void add(const std::vector<std::size_t>& choice,
           const std::vector<std::vector<std::string>>& places, const Problems& problems);

  // Reports each problem once, with the swept keys and values that cause it: the key that set the
  // problem's path, and every key that has the problem with some of its values only.
  void tell(Problems& problems) const;

 private:
  struct Found {
    Problem problem;
    std::optional<std::size_t> key;  // the key that set the path
    // By key and value: whether a point with that value has the problem.
    std::vector<std::vector<bool>> with;
  };

  std::string cause(const Found& found) const;

  const Sweep& sweep_;
  std::vector<Found> found_;  // in the order in which they were added
  std::size_t more_ = 0;      // problems that are only counted
  std::unordered_set<std::string> told_;
  std::unordered_map<std::string, std::size_t> index_;  // in found_, by id_of()
};

}  // namespace sim
