#include "sim/measure/results/shown_columns.h"

#include <algorithm>

#include "sim/script/spec/summary_columns.h"

namespace sim {

std::vector<std::size_t> shown_columns() {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < kSummaryColumns.size(); ++i) {
    if (!kSummaryColumns[i].shown.label.empty()) columns.push_back(i);
  }
  std::stable_sort(columns.begin(), columns.end(), [](std::size_t a, std::size_t b) {
    return kSummaryColumns[a].shown.place < kSummaryColumns[b].shown.place;
  });
  return columns;
}

}  // namespace sim
