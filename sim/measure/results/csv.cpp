#include "sim/measure/results/csv.h"

#include <cassert>
#include <utility>

#include "sim/base/text/csv_field.h"

namespace sim {

CsvWriter::CsvWriter(std::filesystem::path path, std::span<const std::string_view> header)
    : file_(std::move(path)), columns_(header.size()) {
  for (const std::string_view column : header) cell(column);
  end_row();
}

void CsvWriter::cell(std::string_view value) {
  start_field();
  append_csv_field(row_, value);
}

void CsvWriter::cell(double value) {
  start_field();
  append_real(row_, value);
}

void CsvWriter::cell(herd::Duration value) {
  start_field();
  append_micros(row_, value);
}

void CsvWriter::end_row() {
  assert(fields_ == columns_);
  row_ += '\n';
  file_.write(row_);
  row_.clear();
  fields_ = 0;
}

}  // namespace sim
