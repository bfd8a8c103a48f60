// The kinds of columns that results tables have. The kind says how cells are written in CSV, how
// they are shown to people, and which unit results/README.md gives.
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

// The entry of a column in results/README.md.
struct ColumnEntry {
  std::string_view name;
  ColumnKind kind = ColumnKind::kText;
  std::string_view meaning;
  // Leaves out one reason, which holds for all columns: the herd was observed in a way that does
  // not tell this figure.
  std::string_view empty_when;
};

}  // namespace sim
