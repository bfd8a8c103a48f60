// Walking over the fields of a line: what the parsers share.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/fields.h"
#include "core/parse.h"
#include "core/scan.h"

namespace herd {

class LineFields {
 public:
  explicit LineFields(std::string_view line) : line_(line) {}

  // The next field; empty at the end of the line.
  std::string_view next() {
    while (at_ < line_.size() && is_space(line_[at_])) ++at_;
    const std::size_t begin = at_;
    at_ = find_space(line_, begin);
    return line_.substr(begin, at_ - begin);
  }
  // What stands behind the last field, its first white space left out.
  std::string_view rest() const {
    return at_ < line_.size() ? line_.substr(at_ + 1) : std::string_view();
  }

  ParseError missing() const { return {ParseCode::kMissingField, line_.size(), {}}; }
  ParseError bad(ParseCode code, std::string_view field) const {
    return {code, static_cast<std::size_t>(field.data() - line_.data()), field};
  }
  // True where a command ends before its `last` field or goes on after it; says so in `error`.
  bool wrong_count(std::string_view last, ParseError& error) {
    if (last.empty()) {
      error = missing();
      return true;
    }
    const std::string_view extra = next();
    if (extra.empty()) return false;
    error = bad(ParseCode::kExtraField, extra);
    return true;
  }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace herd
