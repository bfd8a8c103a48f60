// Finds the ends of replies in what a server says, by the rules of its dialect.
#pragma once

#include <re2/re2.h>

#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario/engine_spec.h"

namespace sim {

class ReplyReader {
 public:
  // The dialect's patterns are good.
  explicit ReplyReader(const Dialect& dialect);

  // The length of the reply that `bytes` begin with, where it is whole; `whatsat`: whether it is
  // one to a WHATSAT. None: more has to come, or its end is not in the bytes.
  std::optional<std::size_t> whole(std::string_view bytes, bool whatsat) const;
  // What of a reply is the reply, without the endings behind it.
  std::string text(std::string_view reply) const;

 private:
  const Dialect& dialect_;
  std::optional<re2::RE2> end_, pattern_;
};

}  // namespace sim
