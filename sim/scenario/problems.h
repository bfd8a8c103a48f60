// What is wrong with a scenario, gathered while it is read.
#pragma once

#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

struct Problem {
  std::string path;   // `herds.0.propagation`; "" is the whole scenario
  std::string wrong;  // as `"floood" is not a scheme`
  std::string right;  // what would be right; empty where there is nothing to say
};

class Problems {
 public:
  void add(std::string path, std::string wrong, std::string right) {
    all_.push_back({std::move(path), std::move(wrong), std::move(right)});
  }
  bool any() const { return !all_.empty(); }
  const std::vector<Problem>& all() const { return all_; }

 private:
  std::vector<Problem> all_;
};

// A value that did not come from the file: where it was put, and what put it there.
struct Source {
  std::string path;
  std::string option;  // as `--set seed`
};

// One line each, `FILE:LINE: PATH: what is wrong (what would be right)`, in the order of the
// lines of `text`, the file's JSON.
std::vector<std::string> describe_problems(const std::string& file, std::string_view text,
                                           const Problems& problems,
                                           const std::vector<Source>& sources);

// One line of that form for what has no more than a line.
std::string describe_problem(const std::string& file, int line, const Problem& problem);

// Control characters as \xNN: an error must stay on its line and leave the terminal alone.
std::string without_controls(std::string_view text);

// A text of the user's in double quotes, without its control characters and cut where it is long,
// so that an error is one line and can be read.
std::string quoted(std::string_view text);

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
    out += quoted(name);
    ++i;
  }
  return out;
}

}  // namespace sim
