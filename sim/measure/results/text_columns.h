// Tables on the screen: columns of text side by side.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

inline constexpr std::size_t kTableWidth = 100;     // the maximum width of a table
inline constexpr std::size_t kNarrowestTable = 40;  // the maximum width on the narrowest terminal
inline constexpr std::size_t kColumnGap = 2;

// What a text is shown on.
struct Screen {
  std::size_t columns = kTableWidth;  // the maximum width of a table
  bool has_colours = false;
};

// Returns the text, in red if the screen has colours. What is in red says in words too that it is
// bad.
std::string in_red(std::string_view text, const Screen& screen);

struct Column {
  std::vector<std::string> cells;  // UTF-8; the first one is the heading
  bool left = false;               // aligned left; else right

  std::size_t width() const;
};

// Returns one line per row. There must be at least one column, and all must have the same number of
// cells.
std::string layout(const std::vector<Column>& columns);

// Returns the heading and the words of the text, on as many lines of this width as they need; each
// further line is indented as far as the heading is wide. Cuts only a word that is wider than a
// line.
std::string wrapped(std::string_view heading, std::string_view text,
                    std::size_t columns = kTableWidth);

// Returns the line that says where the files are; nullopt: they could not be written.
std::string files_line(const std::optional<std::filesystem::path>& folder);

// Returns the greatest width that a line can have.
std::size_t total_width(const std::vector<Column>& columns);

}  // namespace sim
