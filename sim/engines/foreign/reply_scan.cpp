#include "sim/engines/foreign/reply_scan.h"

#include "core/fields.h"

namespace sim {
namespace {

bool is_report(std::string_view line) {
  return line.starts_with("AT") && line.size() > 2 && herd::is_space(line[2]);
}

}  // namespace

std::optional<std::size_t> ReplyScan::whole(std::string_view text, bool of_query) {
  while (at_ < text.size()) {
    const char c = text[at_];
    switch (part_) {
      case Part::kLeading:
        if (c == '\r' || c == '\n') {
          ++at_;
          break;
        }
        first_line_ = at_;
        // A JSON may come without its AT line.
        part_ = of_query && c == '{' ? Part::kBody : Part::kFirstLine;
        break;
      case Part::kFirstLine: {
        const std::size_t lf = text.find('\n', at_);
        at_ = lf == std::string_view::npos ? text.size() : lf + 1;
        if (lf == std::string_view::npos) break;
        if (!of_query || !is_report(text.substr(first_line_, lf - first_line_))) return at_;
        part_ = Part::kBody;
        break;
      }
      case Part::kBody:
        if (body_ends_before(c)) return at_;
        ++at_;
        if (c == '\n' && take_body_line_end()) return at_;
        break;
    }
  }
  return std::nullopt;
}

bool ReplyScan::body_ends_before(char c) {
  if (c == '\n' || c == '\r') return false;
  // Another line has begun after a complete JSON: it belongs to the next reply.
  if (complete_ && blank_ && !herd::is_space(c)) return true;
  blank_ = false;
  if (!body_) {
    if (herd::is_space(c)) return false;
    body_ = true;
    json_ = c == '{' || c == '[';
  }
  if (json_ && !complete_) take_json(c);
  return false;
}

bool ReplyScan::take_body_line_end() {
  if (!blank_) {
    blank_ = true;
    return false;
  }
  empty_line_ = true;
  return body_ && (!json_ || complete_);
}

void ReplyScan::take_json(char c) {
  if (in_string_) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
    }
    return;
  }
  switch (c) {
    case '"':
      in_string_ = true;
      break;
    case '{':
    case '[':
      ++depth_;
      break;
    case '}':
    case ']':
      if (depth_ > 0 && --depth_ == 0) complete_ = true;
      break;
    default:
      break;
  }
}

bool ReplyScan::whole_if_quiet() const { return complete_ || empty_line_; }

}  // namespace sim
