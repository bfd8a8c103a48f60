// What is wrong with a scenario, gathered while it is read.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/text/quoted.h"

namespace sim {

// A place in a file that the scenario names.
struct DataPlace {
  std::string file;      // as it is found from here
  std::size_t line = 1;  // from 1
  std::string what;      // the field or element, as `lat`
};

struct Problem {
  std::string path;   // `herds.0.propagation`; "" is the whole scenario
  std::string wrong;  // as `"floood" is not a scheme`
  std::string right;  // what would be right; empty where there is nothing to say
  std::optional<DataPlace> in_file = std::nullopt;  // of the file that `path` names
  std::string given_at = "";  // the path of what gives this value, where it is not at `path`
};

class Problems {
 public:
  void add(std::string path, std::string wrong, std::string right) {
    all_.push_back({std::move(path), std::move(wrong), std::move(right)});
  }
  // What is wrong inside the file that the value at `path` names.
  void add_in_file(std::string path, DataPlace place, std::string wrong, std::string right) {
    all_.push_back({std::move(path), std::move(wrong), std::move(right), std::move(place)});
  }
  void add(Problem problem) { all_.push_back(std::move(problem)); }
  bool any() const { return !all_.empty(); }
  const std::vector<Problem>& all() const { return all_; }

 private:
  std::vector<Problem> all_;
};

// Whether a path is another or inside it.
bool is_within(std::string_view path, std::string_view ancestor);

// A value that did not come from the file: where it was put, and what put it there.
struct Source {
  std::string path;
  std::string option;  // as `--set seed`
};

// One line each, `FILE:LINE: PATH: what is wrong (what would be right)`, in the order of the
// lines of `text`, the file's JSON. What is wrong inside another file is told in the same form with
// that file's name and line, and comes where the scenario names it.
std::vector<std::string> describe_problems(const std::string& file, std::string_view text,
                                           const Problems& problems,
                                           const std::vector<Source>& sources);

// One line of that form for what has no more than a line.
std::string describe_problem(const std::string& file, int line, const Problem& problem);

// `"a", "b" or "c"`; cut where they are many.
template <class Names>
std::string listed(const Names& names, std::string_view last = "or") {
  constexpr std::size_t kMost = 12;
  const std::size_t size = std::size(names);
  std::string out;
  std::size_t i = 0;
  for (const auto& name : names) {
    if (i == kMost) return out + ", ...";
    if (i > 0) out += i + 1 == size ? ' ' + std::string(last) + ' ' : ", ";
    out += sim::quoted(name);
    ++i;
  }
  return out;
}

}  // namespace sim
