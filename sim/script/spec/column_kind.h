// What the cells of a column of a results table are: this says how they are written in CSV, how
// people are shown them, and the unit that results/README.md gives.
#pragma once

#include <string_view>

namespace sim {

enum class ColumnKind {
  kText,
  kCount,       // a whole number
  kYesNo,       // 1 or 0
  kRatio,       // a real without a unit
  kRate,        // a real, per second
  kSeconds,     // a real
  kMib,         // a real
  kMicros,      // a duration in microseconds with three decimals
  kSinceStart,  // a time, in the same form
  kAsMetric,    // of the kind of the metric that another column of the row names
};

// The unit as results/README.md spells it.
constexpr std::string_view unit_of(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kText:
      return "text";
    case ColumnKind::kCount:
      return "count";
    case ColumnKind::kYesNo:
      return "1 or 0";
    case ColumnKind::kRatio:
      return "ratio";
    case ColumnKind::kRate:
      return "/s";
    case ColumnKind::kSeconds:
      return "s";
    case ColumnKind::kMib:
      return "MiB";
    case ColumnKind::kMicros:
      return "µs";
    case ColumnKind::kSinceStart:
      return "µs since the start";
    case ColumnKind::kAsMetric:
      return "the metric's";
  }
  return "";
}

// What results/README.md says of a column.
struct ColumnEntry {
  std::string_view name;
  ColumnKind kind = ColumnKind::kText;
  std::string_view meaning;
  // Says nothing of how the herd was observed: what that leaves unknown is empty in any column.
  std::string_view empty_when;
};

}  // namespace sim
