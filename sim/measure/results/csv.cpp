#include "sim/measure/results/csv.h"

#include <cassert>
#include <utility>

#include "sim/base/text/csv_field.h"
#include "sim/base/text/numbers.h"

namespace sim {

CsvWriter::CsvWriter(std::filesystem::path path, std::span<const std::string_view> header)
    : file_(std::move(path)), columns_(header.size()) {
  for (const std::string_view column : header) text(column);
  end_row();
}

void CsvWriter::text(std::string_view value) {
  start_field();
  append_csv_field(row_, value);
}

void CsvWriter::count(std::uint64_t value) {
  start_field();
  append_count(row_, value);
}

void CsvWriter::integer(std::int64_t value) {
  start_field();
  append_integer(row_, value);
}

void CsvWriter::number(double value) {
  start_field();
  append_real(row_, value);
}

void CsvWriter::micros(herd::Duration value) {
  start_field();
  append_micros(row_, value);
}

void CsvWriter::micros(std::optional<herd::Duration> value) {
  if (value) {
    micros(*value);
  } else {
    empty();
  }
}

void CsvWriter::empty() { start_field(); }

void CsvWriter::end_row() {
  assert(fields_ == columns_);
  row_ += '\n';
  file_.write(row_);
  row_.clear();
  fields_ = 0;
}

void CsvWriter::start_field() {
  if (fields_++ > 0) row_ += ',';
}

}  // namespace sim
