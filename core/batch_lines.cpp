#include "core/batch_lines.h"

#include <cstddef>

#include "core/line_fields.h"

namespace herd {
namespace {

constexpr std::string_view kBatchWord = "ATS";

void append_fields(std::string& out, const RecordView& record) {
  for (const std::string_view field :
       {record.server, record.skew, record.client, record.location, record.time}) {
    out.append(" ").append(field);
  }
}

}  // namespace

bool is_batch_line(std::string_view line) { return LineFields(line).next() == kBatchWord; }

std::optional<ParseError> parse_batch(std::string_view line, std::vector<std::string>& out) {
  LineFields fields(line);
  fields.next();
  std::size_t count = 0;
  do {
    RecordView record;
    if (const auto error = scan_record(fields, record)) {
      out.clear();
      return error;
    }
    if (count == out.size()) out.emplace_back();
    out[count].assign("AT");
    append_fields(out[count++], record);
  } while (!fields.at_end());
  out.resize(count);
  return std::nullopt;
}

void append_to_batch(std::string& line, const RecordView& record) {
  if (line.empty()) line = kBatchWord;
  append_fields(line, record);
}

}  // namespace herd
