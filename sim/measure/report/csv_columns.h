// A CSV file of a results folder, in memory: its cells by row and by the name of their column.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

class CsvColumns {
 public:
  // Reads the text of a file as herdsim writes it (RFC 4180). A row with another number of fields
  // than the header, or with wrong quotes, ends the table: the rows before it stay.
  explicit CsvColumns(std::string_view text);
  CsvColumns(const CsvColumns&) = delete;
  CsvColumns& operator=(const CsvColumns&) = delete;

  std::size_t rows() const { return header_.empty() ? 0 : ends_.size() / header_.size() - 1; }
  // Returns the place of a column; nullopt if the header has none of this name.
  std::optional<std::size_t> find(std::string_view column) const;
  // Returns a cell; valid as long as the table. Empty if `column` is nullopt, so that a file of an
  // older version reads as one whose figures are unknown.
  std::string_view at(std::size_t row, std::optional<std::size_t> column) const {
    return column ? cell((row + 1) * header_.size() + *column) : std::string_view();
  }
  std::string_view at(std::size_t row, std::string_view column) const {
    return at(row, find(column));
  }
  const std::vector<std::string_view>& header() const { return header_; }

 private:
  std::string_view cell(std::size_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(cells_).substr(begin, ends_[number] - begin);
  }

  std::string cells_;              // one after the other, row by row, the header first
  std::vector<std::size_t> ends_;  // of each of them
  std::vector<std::string_view> header_;
};

}  // namespace sim
