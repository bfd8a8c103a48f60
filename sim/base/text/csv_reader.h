// Reads CSV records as RFC 4180 has them: fields in double quotes may hold commas, line breaks and
// doubled quotes; records end in CR LF, LF or the end of the text. A byte order mark is skipped.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

class CsvReader {
 public:
  // `text` must outlive the reader.
  explicit CsvReader(std::string_view text);

  // Reads the next record into `fields`, whose strings it reuses; blank lines are skipped.
  // False at the end and at an error, where error() says which.
  bool next(std::vector<std::string>& fields);

  // The line, from 1, on which the record that next() read last begins; at an error, the line of
  // the record that is wrong.
  std::size_t line() const { return record_line_; }
  // What is wrong with the quoting; empty where nothing is. Nothing is read beyond it.
  const std::string& error() const { return error_; }

 private:
  bool read_plain(std::string& field);
  bool read_quoted(std::string& field);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t record_line_ = 0;
  std::string error_;
};

}  // namespace sim
