#include "sim/base/text/csv_field.h"

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

void append_quoted(std::string& out, std::string_view value) {
  out += '"';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void append_csv_field(std::string& out, std::string_view value) {
  bool special = false;
  bool ascii = true;
  for (const char c : value) {
    special |= c == ',' || c == '"' || c == '\n' || c == '\r';
    ascii &= static_cast<unsigned char>(c) < 0x80;
  }
  std::string repaired;
  if (!ascii && !valid_utf8(value)) {
    repaired = to_utf8(value);
    value = repaired;
  }
  if (special) {
    append_quoted(out, value);
  } else {
    out += value;
  }
}

}  // namespace sim
