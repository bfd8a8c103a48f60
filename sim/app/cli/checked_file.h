// The problems that `herdsim check` found in a file, and the forms in which it prints them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// A line of the form `FILE:LINE: PATH: what is wrong (what would be right)` in its parts.
struct CheckedProblem {
  std::string file;      // may be one that the scenario names
  std::size_t line = 0;  // from 1; 0: the file cannot be read
  std::string path;      // of the key, or "scenario"
  std::string message;
};

struct CheckedFile {
  std::string file;
  bool is_valid = false;
  std::size_t points = 1;   // of a sweep; 1 for a scenario
  std::size_t checked = 1;  // points that were checked; the others are only different in values
  std::vector<std::string> errors, warnings;  // a line each
};

// Takes such a line apart; `file` is the one that was checked. A line of another form is all
// message.
CheckedProblem read_problem_line(std::string_view line, const std::string& file);

bool are_valid(const std::vector<CheckedFile>& files);

// Returns one line for a valid file, "FILE: ok"; empty if it is not valid.
std::string verdict_line(const CheckedFile& file);

// Returns a JSON document.
std::string checked_json(const std::vector<CheckedFile>& files);

// Returns workflow commands, by which GitHub shows each problem at its line: `::error
// file=FILE,line=LINE::PATH: what is wrong`, and the lines of the valid files.
std::string checked_for_github(const std::vector<CheckedFile>& files);

}  // namespace sim
