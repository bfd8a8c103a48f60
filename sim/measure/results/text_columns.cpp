#include "sim/measure/results/text_columns.h"

#include <algorithm>

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

std::string in_red(std::string_view text, const Screen& screen) {
  if (!screen.has_colours) return std::string(text);
  return "\x1b[31m" + std::string(text) + "\x1b[0m";
}

std::string wrapped(std::string_view heading, std::string_view text, std::size_t columns) {
  const std::string indent(display_width(heading), ' ');
  const std::size_t room = columns - indent.size();  // in each line
  std::string out;
  std::string line(heading);
  std::size_t used = 0;  // of the room in this line
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    std::string word(text.substr(at, end - at));
    at = end + 1;
    if (word.empty()) continue;
    const std::size_t gap = used > 0 ? 1 : 0;
    // A word that fits into no line is cut to what is left of this one.
    const bool too_long = display_width(word) > room;
    if (too_long) word = shorten(word, used < room / 2 ? room - used - gap : room);
    if (used + gap + display_width(word) > room) {
      out += line + '\n';
      line = indent + word;
      used = display_width(word);
    } else {
      line += (used > 0 ? " " : "") + word;
      used += gap + display_width(word);
    }
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return out + line + '\n';
}

std::string files_line(const std::optional<std::filesystem::path>& folder) {
  return "files         " +
         (folder ? printable(folder->string()) : std::string("none: they could not be written")) +
         '\n';
}

std::size_t total_width(const std::vector<Column>& columns) {
  std::size_t total = (columns.size() - 1) * kColumnGap;
  for (const Column& column : columns) total += column.width();
  return total;
}

}  // namespace sim
