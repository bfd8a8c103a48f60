// Tables on the screen: columns of text side by side.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sim {

inline constexpr std::size_t kTableWidth = 100;  // that tables keep to
inline constexpr std::size_t kColumnGap = 2;

struct Column {
  std::vector<std::string> cells;  // UTF-8, its heading first
  bool left = false;               // aligned left, else right

  std::size_t width() const;
};

// A line for each row. All columns, of which there is at least one, have as many cells.
std::string layout(const std::vector<Column>& columns);

// How wide that is at most.
std::size_t total_width(const std::vector<Column>& columns);

}  // namespace sim
