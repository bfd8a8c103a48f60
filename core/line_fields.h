// An iterator over the fields of a line, shared by the parsers.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/fields.h"
#include "core/parse.h"
#include "core/scan.h"

namespace herd {

// The error in a line; nullopt if the line is right.
using Bad = std::optional<ParseError>;

class LineFields {
 public:
  explicit LineFields(std::string_view line) : line_(line) {}

  // Returns the next field, or an empty text at the end of the line. Inlined always: a call for
  // each field of a line costs as much as the search for its end.
  [[gnu::always_inline]] std::string_view next() {
    while (at_ < line_.size() && is_space(line_[at_])) ++at_;
    const std::size_t begin = at_;
    at_ = find_space(line_, begin);
    return line_.substr(begin, at_ - begin);
  }
  // Returns true if only white space is left.
  bool at_end() const {
    std::size_t at = at_;
    while (at < line_.size() && is_space(line_[at])) ++at;
    return at == line_.size();
  }
  // Returns the text after the last field, without the first white space.
  std::string_view rest() const {
    return at_ < line_.size() ? line_.substr(at_ + 1) : std::string_view();
  }

  ParseError missing() const { return {ParseCode::kMissingField, line_.size(), {}}; }
  ParseError bad(ParseCode code, std::string_view field) const {
    return {code, static_cast<std::size_t>(field.data() - line_.data()), field};
  }
  // Returns an error if a further field follows.
  Bad expect_end() {
    const std::string_view extra = next();
    if (extra.empty()) return std::nullopt;
    return bad(ParseCode::kExtraField, extra);
  }
  // Returns an error if the command has too few or too many fields. `last` is the command's last
  // field: it is empty if fields are missing.
  Bad expect_end_after(std::string_view last) {
    if (last.empty()) return missing();
    return expect_end();
  }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace herd
