// Reads CSV whose header names its columns, in any order and among others.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/text/csv_reader.h"

namespace sim {

class CsvTable {
 public:
  // Reads the header. `text` must outlive the table. `columns` are the names that the header has
  // to have.
  CsvTable(std::string_view text, std::span<const std::string_view> columns);

  // Returns true if the text has no header, nor anything that is wrong.
  bool is_empty() const { return width_ == 0 && error().empty(); }
  // Returns the columns that the header lacks, and those that it names more than once.
  const std::vector<std::string_view>& missing() const { return missing_; }
  const std::vector<std::string_view>& repeated() const { return repeated_; }

  // Reads the next record. False at the end and at an error, and at once if a column is missing or
  // repeated.
  bool next();
  // The numbers of fields in the record, and in the header.
  std::size_t size() const { return fields_.size(); }
  std::size_t width() const { return width_; }
  // A field of the record, which may be moved from; `column` is a place in the constructor's
  // columns. Precondition: size() == width().
  std::string& field(std::size_t column) { return fields_[places_[column]]; }

  // As CsvReader has them.
  std::size_t line() const { return reader_.line(); }
  const std::string& error() const { return reader_.error(); }

 private:
  CsvReader reader_;
  std::vector<std::string> fields_;
  std::size_t width_ = 0;
  std::vector<std::size_t> places_;  // by column
  std::vector<std::string_view> missing_, repeated_;
};

}  // namespace sim
