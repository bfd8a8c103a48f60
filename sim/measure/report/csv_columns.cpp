#include "sim/measure/report/csv_columns.h"

#include <algorithm>

#include "sim/base/text/csv_reader.h"

namespace sim {

CsvColumns::CsvColumns(std::string_view text) {
  cells_.reserve(text.size());
  CsvReader reader(text, CsvReader::BlankLines::kRecord);
  std::vector<std::string> fields;
  std::size_t width = 0;
  while (reader.next(fields)) {
    if (width == 0) width = fields.size();
    if (fields.size() != width) break;
    for (const std::string& field : fields) {
      cells_ += field;
      ends_.push_back(cells_.size());
    }
  }
  for (std::size_t column = 0; column < width; ++column) header_.push_back(cell(column));
}

std::optional<std::size_t> CsvColumns::find(std::string_view column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

}  // namespace sim
