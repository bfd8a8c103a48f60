// CSV as RFC 4180 has it: a header first, commas, quotes where a field needs them and quotes inside
// doubled; but with LF at a line's end, and in UTF-8 (bytes that are none become U+FFFD).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/time.h"
#include "sim/measure/results/file_error.h"
#include "sim/measure/results/out_file.h"

namespace sim {

// Writes a file field by field, row by row; memory stays small however long the file gets. A row
// has to have as many fields as the header. Errors are kept and told by close(), as OutFile says.
class CsvWriter {
 public:
  CsvWriter(std::filesystem::path path, std::span<const std::string_view> header);

  void text(std::string_view value);
  void count(std::uint64_t value);
  void integer(std::int64_t value);
  void number(double value);          // as append_real() writes it
  void micros(herd::Duration value);  // as append_micros() writes it
  void micros(std::optional<herd::Duration> value);
  void empty();
  void end_row();

  std::optional<FileError> close() { return file_.close(); }

 private:
  void start_field();

  OutFile file_;
  std::string row_;
  std::size_t columns_;
  std::size_t fields_ = 0;  // of the row so far
};

}  // namespace sim
