#include "sim/base/text/csv_table.h"

#include <algorithm>

namespace sim {

CsvTable::CsvTable(std::string_view text, std::span<const std::string_view> columns)
    : reader_(text) {
  if (!reader_.next(fields_)) return;
  width_ = fields_.size();
  for (const std::string_view column : columns) {
    const auto found = std::find(fields_.begin(), fields_.end(), column);
    if (found == fields_.end()) missing_.push_back(column);
    if (std::count(found, fields_.end(), column) > 1) repeated_.push_back(column);
    places_.push_back(static_cast<std::size_t>(found - fields_.begin()));
  }
}

bool CsvTable::next() {
  return width_ > 0 && missing_.empty() && repeated_.empty() && reader_.next(fields_);
}

}  // namespace sim
