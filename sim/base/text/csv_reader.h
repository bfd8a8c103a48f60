// Reads CSV records as RFC 4180 defines them. Fields in double quotes may contain commas, line
// breaks and doubled quotes. Records end in CR LF, LF or the end of the text. The reader skips a
// byte order mark.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

class CsvReader {
 public:
  // kSkip: blank lines are no records, as in files that people write. kRecord: a blank line is a
  // record of one empty field, as in files that programs write.
  enum class BlankLines { kSkip, kRecord };

  // `text` must outlive the reader.
  explicit CsvReader(std::string_view text, BlankLines blank_lines = BlankLines::kSkip);

  // Reads the next record into `fields` and reuses their strings. Returns false at the end and at
  // an error; error() tells which.
  bool next(std::vector<std::string>& fields);

  // Returns the line, counted from 1, on which the last record of next() begins. After an error,
  // that is the wrong record.
  std::size_t line() const { return record_line_; }
  // Returns the error in the quoting; empty if there is none. The reader stops at the first error.
  const std::string& error() const { return error_; }

 private:
  void skip_blank_lines();
  bool read_plain(std::string& field);
  bool read_quoted(std::string& field);

  std::string_view text_;
  BlankLines blank_lines_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t record_line_ = 0;
  std::string error_;
};

}  // namespace sim
