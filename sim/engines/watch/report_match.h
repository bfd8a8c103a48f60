// Finds the planned update that a line of a foreign server speaks of, in whatever form. Foreign
// servers leave fields out, put others in, and write times with other digits.
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

  // Returns the update whose client's id and time appear in the line as two words; nullopt if there
  // is none.
  std::optional<std::uint32_t> find(std::string_view line) const;
  // Returns the client's update whose time is nearest to `time`; nullopt if none is near enough.
  // Times may differ by the precision of the digits given, and always by a microsecond, because
  // many programs keep times in floating point.
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
