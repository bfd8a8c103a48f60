// Tables on the screen: columns of text side by side.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
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

// Returns the heading and the words of the text, on as many lines as they need; each further line
// is indented as far as the heading is wide. Cuts only a word that is wider than a line.
std::string wrapped(std::string_view heading, std::string_view text);

// Returns the line that says where the files are; nullopt: they could not be written.
std::string files_line(const std::optional<std::filesystem::path>& folder);

// Returns the greatest width that a line can have.
std::size_t total_width(const std::vector<Column>& columns);

}  // namespace sim
