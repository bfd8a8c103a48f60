// Which planned update a line from somebody else's server speaks of, in whatever form it says it:
// herds in the wild leave fields out, put others in, and write times with other digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/time.h"
#include "sim/base/text/printed_time.h"
#include "sim/script/plan/plan.h"

namespace sim {

class ReportMatcher {
 public:
  // `base` is the client time of time zero. The plan must outlive the matcher.
  ReportMatcher(const Plan& plan, herd::PosixNs base);

  // A line in which a client's id stands as a word and a time of one of its updates as another.
  std::optional<std::uint32_t> find(std::string_view line) const;
  // The update of the client whose time reads like this one: as near as the digits say, and within
  // a microsecond at the least, since many keep times in floating point.
  std::optional<std::uint32_t> find(std::string_view client, std::string_view time) const;

 private:
  struct Stamp {
    herd::PosixNs time = 0;
    std::uint32_t update = 0;  // a place in Plan::updates
  };
  const std::vector<Stamp>* stamps_of(std::string_view client) const;
  static std::optional<std::uint32_t> nearest(const std::vector<Stamp>& stamps,
                                              std::string_view time);

  std::unordered_map<std::string_view, std::uint32_t> subjects_;
  std::vector<std::vector<Stamp>> stamps_;  // by subject, in order of time
};

}  // namespace sim
