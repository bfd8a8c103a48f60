// Regular expressions (RE2's syntax) over bytes. Matching takes time linear in the text for every
// expression. By default a dot does not match the end of a line, and ^ and $ match the ends of the
// text. An expression can change that with (?s) and (?m).
#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// Returns the options for all expressions over the output of other programs.
re2::RE2::Options pattern_options();

class Pattern {
 public:
  explicit Pattern(const std::string& expression);
  ~Pattern();
  Pattern(Pattern&& other) noexcept;
  Pattern& operator=(Pattern&& other) noexcept;

  // Returns RE2's error message if the expression is invalid. An invalid expression matches
  // nothing.
  std::optional<std::string> problem() const;
  // Returns the position after the first match in the text; nullopt if nothing matches.
  std::optional<std::size_t> end_of_match(std::string_view text) const;
  // Returns the first group of the first match; nullopt if nothing matches. Without a group, or if
  // the group took no part, returns all of the match.
  std::optional<std::string_view> extract(std::string_view text) const;

 private:
  std::unique_ptr<re2::RE2> expression_;
};

}  // namespace sim
