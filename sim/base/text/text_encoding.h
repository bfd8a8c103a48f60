// Tells UTF-8 text from files of other encodings by their first bytes, so that an error can name
// the encoding instead of the first character that makes no sense.
#pragma once

#include <optional>
#include <string_view>

namespace sim {

// What a file is that is not UTF-8 text. The two texts are those of an error message.
struct ForeignEncoding {
  std::string_view wrong;  // for example `is UTF-16 (little-endian)`
  std::string_view right;  // for example `UTF-8, as iconv -f UTF-16LE -t UTF-8 makes of it`
  bool is_utf16 = false;   // XML may be
};

// Returns nullopt if the file may be UTF-8. Knows UTF-16 and UTF-32, with a byte order mark or by
// their zeros, and the usual compressed files. Does not check the rest of the file.
std::optional<ForeignEncoding> foreign_encoding(std::string_view bytes);

// Returns the text behind UTF-8's byte order mark; all of it if it has none.
std::string_view without_byte_order_mark(std::string_view text);

}  // namespace sim
