// A CSV file of a results folder, in memory: its cells by row and by the name of their column.
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

class CsvColumns {
 public:
  // Reads the text of a file as herdsim writes it (RFC 4180). A row with another number of fields
  // than the header ends the table: the rows before it stay.
  explicit CsvColumns(std::string text);
  CsvColumns(const CsvColumns&) = delete;
  CsvColumns& operator=(const CsvColumns&) = delete;

  std::size_t rows() const { return width_ == 0 ? 0 : cells_.size() / width_ - 1; }
  // Returns the place of a column; nullopt if the header has none of this name.
  std::optional<std::size_t> find(std::string_view column) const;
  // Returns a cell; valid as long as the table. Empty if `column` is nullopt, so that a file of an
  // older version reads as one whose figures are unknown.
  std::string_view at(std::size_t row, std::optional<std::size_t> column) const {
    return column ? cells_[(row + 1) * width_ + *column] : std::string_view();
  }
  std::string_view at(std::size_t row, std::string_view column) const {
    return at(row, find(column));
  }
  const std::vector<std::string_view>& header() const { return header_; }

 private:
  std::string_view read_field(std::size_t& at);

  std::string text_;
  std::deque<std::string> unquoted_;     // the fields whose quotes were doubled
  std::vector<std::string_view> cells_;  // row by row, the header first
  std::vector<std::string_view> header_;
  std::size_t width_ = 0;
};

// Returns a cell as a number; nullopt if it is empty or no number.
std::optional<double> number_of(std::string_view cell);

}  // namespace sim
