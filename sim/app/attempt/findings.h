// The findings of an attempt: the rules of the protocol that a herd breaks, and notes for a person.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/json/owned_json.h"

namespace sim {

// A rule that is broken, with the first line that shows it.
struct BrokenRule {
  std::string rule;      // a short name, for programs: bad-line
  std::string world;     // the part of the attempt that shows it: lines, flood, restart
  std::string sentence;  // what is wrong, for a person
  // Empty if the failure is not about one line. Control characters are written as \xNN.
  std::string sent, expected, came;
  std::size_t times = 1;  // how often the rule was found broken in that world
};

class Findings {
 public:
  // Adds a failure. A rule that is already known to be broken in that world is only counted.
  void fail(BrokenRule failure);
  // Counts something that was as it must be.
  void hold() { ++held_; }
  // Adds a sentence for a person that is not about a broken rule. Adding it again changes nothing.
  void note(std::string sentence);
  // Adds what could not be played on the herd, and why.
  void not_played(std::string what, std::string why) {
    not_played_.emplace_back(std::move(what), std::move(why));
  }

  bool has(std::string_view rule) const;
  std::size_t held() const { return held_; }
  const std::vector<BrokenRule>& failures() const { return failures_; }
  const std::vector<std::string>& notes() const { return notes_; }
  const std::vector<std::pair<std::string, std::string>>& not_played() const { return not_played_; }

 private:
  std::size_t held_ = 0;
  std::vector<BrokenRule> failures_;
  std::vector<std::string> notes_;
  std::vector<std::pair<std::string, std::string>> not_played_;
};

// Returns bytes for a failure: in quotes, and cut if they are many.
std::string shown_bytes(std::string_view bytes);

// Returns the findings as text for a person, and as JSON. `engine` is the herd's `engine` object.
std::string findings_text(const Findings& findings, const json_t* engine);
std::string findings_json(const Findings& findings, const json_t* engine);

}  // namespace sim
