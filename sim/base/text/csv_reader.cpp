#include "sim/base/text/csv_reader.h"

#include <algorithm>

#include "sim/base/text/text_encoding.h"

namespace sim {
namespace {

// Returns whether a field without quotes ends before the character.
bool ends_plain(char c) { return c == ',' || c == '\n' || c == '"'; }

}  // namespace

CsvReader::CsvReader(std::string_view text, BlankLines blank_lines)
    : text_(without_byte_order_mark(text)), blank_lines_(blank_lines) {}

bool CsvReader::next(std::vector<std::string>& fields) {
  if (!error_.empty()) return false;
  if (blank_lines_ == BlankLines::kSkip) skip_blank_lines();
  record_line_ = line_;
  if (at_ >= text_.size()) return false;
  for (std::size_t count = 1;; ++count) {
    if (fields.size() < count) fields.emplace_back();
    std::string& field = fields[count - 1];
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted ? !read_quoted(field) : !read_plain(field)) return false;
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      continue;
    }
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size()) {
      ++at_;
      ++line_;
    }
    fields.resize(count);
    return true;
  }
}

void CsvReader::skip_blank_lines() {
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
    if (text_[at_++] == '\n') ++line_;
  }
}

// read_plain() and read_quoted() stop at a comma, a CR LF, an LF or the end.
bool CsvReader::read_plain(std::string& field) {
  std::size_t end = at_;
  while (end < text_.size() && !ends_plain(text_[end])) ++end;
  if (end < text_.size() && text_[end] == '"') {
    error_ = "a quote inside a field that does not begin with one";
    return false;
  }
  if ((end == text_.size() || text_[end] == '\n') && end > at_ && text_[end - 1] == '\r') --end;
  field.assign(text_, at_, end - at_);
  at_ = end;
  return true;
}

bool CsvReader::read_quoted(std::string& field) {
  field.clear();
  for (++at_;;) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      error_ = "a quoted field that is never closed";
      return false;
    }
    const std::string_view piece = text_.substr(at_, quote - at_);
    field.append(piece);
    line_ += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
    at_ = quote + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    field += '"';
    ++at_;
  }
  const std::string_view rest = text_.substr(at_, 2);
  if (rest.empty() || rest[0] == ',' || rest[0] == '\n' || rest == "\r\n" || rest == "\r") {
    return true;
  }
  error_ = "text after a closing quote";
  return false;
}

}  // namespace sim
