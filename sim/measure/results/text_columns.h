// Tables on the screen: columns of text side by side.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sim {

inline constexpr std::size_t kTableWidth = 100;  // the maximum width of a table
inline constexpr std::size_t kColumnGap = 2;

struct Column {
  std::vector<std::string> cells;  // UTF-8; the first one is the heading
  bool left = false;               // aligned left; else right

  std::size_t width() const;
};

// Returns one line per row. There must be at least one column, and all must have the same number of
// cells.
std::string layout(const std::vector<Column>& columns);

// Returns the greatest width that a line can have.
std::size_t total_width(const std::vector<Column>& columns);

}  // namespace sim
