// Collects the problems of a scenario while it is read.
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
  std::string right;  // what would be right; may be empty
  std::optional<DataPlace> in_file = std::nullopt;  // of the file that `path` names
  std::string given_at = "";                        // the path that gives this value, if not `path`
};

// Problems of one kind. Keeps the first ones and counts the rest, so that a file in which all is
// wrong takes no more memory than another.
class ProblemList {
 public:
  void add(Problem problem);
  // Counts problems that nobody described.
  void count_more(std::size_t more) { count_ += more; }
  const std::vector<Problem>& kept() const { return kept_; }
  // The number of all, kept or not.
  std::size_t count() const { return count_; }
  // Whether a further problem is only counted, so that no words about it are needed.
  bool is_full() const;

 private:
  std::vector<Problem> kept_;
  std::size_t count_ = 0;
};

class Problems {
 public:
  void add(std::string path, std::string wrong, std::string right) {
    errors_.add({std::move(path), std::move(wrong), std::move(right)});
  }
  // Adds a problem inside the file that the value at `path` names.
  void add_in_file(std::string path, DataPlace place, std::string wrong, std::string right) {
    errors_.add({std::move(path), std::move(wrong), std::move(right), std::move(place)});
  }
  void add(Problem problem) { errors_.add(std::move(problem)); }
  void count_more(std::size_t more) { errors_.count_more(more); }
  // Adds what is probably not meant, but can be run.
  void warn(std::string path, std::string wrong, std::string right) {
    warnings_.add({std::move(path), std::move(wrong), std::move(right)});
  }
  bool any() const { return errors_.count() > 0; }
  bool are_enough() const { return errors_.is_full(); }
  const std::vector<Problem>& all() const { return errors_.kept(); }
  const ProblemList& errors() const { return errors_; }
  const ProblemList& warnings() const { return warnings_; }

 private:
  ProblemList errors_, warnings_;
};

// Whether a path is another or inside it.
bool is_within(std::string_view path, std::string_view ancestor);

// A value that did not come from the file: its path, and the option that set it.
struct Source {
  std::string path;
  std::string option;  // as `--set seed`
};

// The number of problems that are described; a last line has the number of all others.
inline constexpr std::size_t kProblemsShown = 20;

// Returns a line for each problem, `FILE:LINE: PATH: what is wrong (what would be right)`, in the
// order of the lines of `text`, the file's JSON. A problem inside another file has that file's name
// and line; it comes where the scenario names that file. Of many problems the first are described,
// and a last line says `FILE:LINE: scenario: and N more problems`.
std::vector<std::string> describe_problems(const std::string& file, std::string_view text,
                                           const Problems& problems,
                                           const std::vector<Source>& sources);

// The same for the warnings: `FILE:LINE: PATH: warning: what is odd (what would be right)`.
std::vector<std::string> describe_warnings(const std::string& file, std::string_view text,
                                           const Problems& problems,
                                           const std::vector<Source>& sources);

// Returns a line of that form.
std::string describe_problem(const std::string& file, int line, const Problem& problem);

// Returns `"a", "b" or "c"`; a long list is cut.
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
