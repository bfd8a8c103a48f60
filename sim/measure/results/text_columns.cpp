#include "sim/measure/results/text_columns.h"

#include <algorithm>
#include <string_view>

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

void append_cell(std::string& out, std::string_view text, std::size_t width, bool left) {
  const std::string padding(width - std::min(width, display_width(text)), ' ');
  if (!left) out += padding;
  out += text;
  if (left) out += padding;
}

}  // namespace

std::size_t Column::width() const {
  std::size_t widest = 0;
  for (const std::string& cell : cells) widest = std::max(widest, display_width(cell));
  return widest;
}

std::string layout(const std::vector<Column>& columns) {
  std::vector<std::size_t> widths(columns.size());
  std::transform(columns.begin(), columns.end(), widths.begin(),
                 [](const Column& column) { return column.width(); });
  std::string out;
  for (std::size_t row = 0; row < columns.front().cells.size(); ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out.append(kColumnGap, ' ');
      append_cell(out, columns[i].cells[row], widths[i], columns[i].left);
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return out;
}

std::size_t total_width(const std::vector<Column>& columns) {
  std::size_t total = (columns.size() - 1) * kColumnGap;
  for (const Column& column : columns) total += column.width();
  return total;
}

}  // namespace sim
