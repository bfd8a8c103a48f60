// Reads a CSV file of a results folder row by row, with named columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/time.h"
#include "sim/base/text/csv_table.h"

namespace sim {

// One row. Columns are places in the list of names that read_result_table() was given.
class ResultRow {
 public:
  explicit ResultRow(CsvTable& table) : table_(table) {}

  std::string& text(std::size_t column) const { return table_.field(column); }
  // Return nullopt for an empty cell. A cell of another form makes the row wrong.
  std::optional<std::uint64_t> count(std::size_t column);
  std::optional<herd::Duration> micros(std::size_t column);
  bool is_wrong() const { return is_wrong_; }

 private:
  CsvTable& table_;
  bool is_wrong_ = false;
};

// Calls `take` for each row. Returns what is wrong with the file, with its name; nullopt if nothing
// is.
std::optional<std::string> read_result_table(const std::filesystem::path& file,
                                             std::span<const std::string_view> columns,
                                             const std::function<void(ResultRow&)>& take);

}  // namespace sim
