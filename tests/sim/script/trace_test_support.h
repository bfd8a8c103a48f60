// Shows what is read from trace files.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/script/traces/parse_trace.h"

namespace sim::test {

// Returns one line per sample, `client: seconds lat lon`, or one line per problem, `LINE: WHAT:
// wrong (right)`.
inline std::vector<std::string> show(std::string_view text,
                                     std::optional<TraceFrom> from = std::nullopt) {
  const auto trace = parse_trace(text, from);
  std::vector<std::string> out;
  if (!trace) {
    for (const auto& [line, what, wrong, right] : trace.error()) {
      std::string shown = std::to_string(line) + ": ";
      shown += what + ": " + wrong;
      if (!right.empty()) shown += " (" + right + ")";
      out.push_back(shown);
    }
    return out;
  }
  for (const auto& [id, samples] : trace->clients) {
    for (const auto& [at, point] : samples) {
      std::string shown = id + ": " + std::to_string(std::chrono::duration<double>(at).count());
      shown += ' ' + std::to_string(point.lat) + ' ' + std::to_string(point.lon);
      out.push_back(shown);
    }
  }
  return out;
}

// A wrong file, and its problem as show() gives it.
struct TraceCase {
  std::string_view name, text, want;
};

}  // namespace sim::test
