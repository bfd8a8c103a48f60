// Regular expressions (RE2's syntax) over bytes: matching takes time linear in the text, whatever
// the expression. A dot does not match a line's end, and ^ and $ are the text's ends, unless the
// expression says otherwise: (?s), (?m).
#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// What every expression over what other programs say is compiled with.
re2::RE2::Options pattern_options();

class Pattern {
 public:
  explicit Pattern(const std::string& expression);
  ~Pattern();
  Pattern(Pattern&& other) noexcept;
  Pattern& operator=(Pattern&& other) noexcept;

  // Why the expression is none, in RE2's words; one that is none matches nothing.
  std::optional<std::string> problem() const;
  // Where the first match in the text ends.
  std::optional<std::size_t> end_of_match(std::string_view text) const;
  // The first group of the first match, or all of it where there is no group or it took no part.
  std::optional<std::string_view> extract(std::string_view text) const;

 private:
  std::unique_ptr<re2::RE2> expression_;
};

}  // namespace sim
