#include "sim/measure/report/csv_columns.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace sim {

CsvColumns::CsvColumns(std::string text) : text_(std::move(text)) {
  std::size_t at = 0;
  while (at < text_.size()) {
    const std::size_t first = cells_.size();
    while (true) {
      cells_.push_back(read_field(at));
      const char end = at < text_.size() ? text_[at++] : '\n';
      if (end == '\r' && at < text_.size() && text_[at] == '\n') ++at;
      if (end != ',') break;
    }
    const std::size_t fields = cells_.size() - first;
    if (width_ == 0) width_ = fields;
    if (fields != width_) {
      cells_.resize(first);
      break;
    }
  }
  header_.assign(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(width_));
}

std::string_view CsvColumns::read_field(std::size_t& at) {
  const std::string_view text = text_;
  if (at >= text.size() || text[at] != '"') {
    const std::size_t end = std::min(text.find_first_of(",\r\n", at), text.size());
    const std::string_view field = text.substr(at, end - at);
    at = end;
    return field;
  }
  std::string& field = unquoted_.emplace_back();
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"' && (++at >= text.size() || text[at] != '"')) break;
    field += text[at];
  }
  return field;
}

std::optional<std::size_t> CsvColumns::find(std::string_view column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

std::optional<double> number_of(std::string_view cell) {
  double value = 0;
  const char* const end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, value);
  if (cell.empty() || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace sim
