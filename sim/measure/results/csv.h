// Writes CSV as RFC 4180 defines it: a header, then rows of fields between commas. A field that
// needs it is in quotes, and quotes in it are doubled. But lines end with LF, and the text is
// UTF-8: bytes that are no part of a character become U+FFFD.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/time.h"
#include "sim/base/text/numbers.h"
#include "sim/measure/results/file_error.h"
#include "sim/measure/results/out_file.h"

namespace sim {

// Writes a file field by field, row by row; it needs little memory however long the file gets. Each
// row must have as many fields as the header. close() returns the first error, as OutFile says.
class CsvWriter {
 public:
  CsvWriter(std::filesystem::path path, std::span<const std::string_view> header);

  // Each writes the next field of the row.
  void cell(std::string_view value);
  void cell(double value);          // as append_real() writes it
  void cell(herd::Duration value);  // as append_micros() writes it
  void cell(herd::Instant value) { cell(value.time_since_epoch()); }
  template <std::unsigned_integral Value>
  void cell(Value value) {  // true and false are 1 and 0
    start_field();
    append_count(row_, value);
  }
  template <std::signed_integral Value>
  void cell(Value value) {
    start_field();
    append_integer(row_, value);
  }
  template <class Value>
  void cell(const std::optional<Value>& value) {
    value ? cell(*value) : empty();
  }
  void empty() { start_field(); }

  void end_row();

  std::optional<FileError> close() { return file_.close(); }

 private:
  void start_field() {
    if (fields_++ > 0) row_ += ',';
  }

  OutFile file_;
  std::string row_;
  std::size_t columns_;
  std::size_t fields_ = 0;  // of the row so far
};

}  // namespace sim
