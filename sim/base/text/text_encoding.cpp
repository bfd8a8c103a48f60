#include "sim/base/text/text_encoding.h"

#include <array>

namespace sim {
namespace {

using std::string_view_literals::operator""sv;

struct Magic {
  std::string_view begins;
  ForeignEncoding encoding;
};

constexpr ForeignEncoding kUtf32Le{"is UTF-32 (little-endian)",
                                   "UTF-8, as iconv -f UTF-32LE -t UTF-8 makes of it"};
constexpr ForeignEncoding kUtf32Be{"is UTF-32 (big-endian)",
                                   "UTF-8, as iconv -f UTF-32BE -t UTF-8 makes of it"};
constexpr ForeignEncoding kUtf16Le{"is UTF-16 (little-endian)",
                                   "UTF-8, as iconv -f UTF-16LE -t UTF-8 makes of it", true};
constexpr ForeignEncoding kUtf16Be{"is UTF-16 (big-endian)",
                                   "UTF-8, as iconv -f UTF-16BE -t UTF-8 makes of it", true};

// UTF-32's byte order marks begin as UTF-16's, so they come first.
constexpr std::array kMagics = {
    Magic{"\xFF\xFE\0\0"sv, kUtf32Le},
    Magic{"\0\0\xFE\xFF"sv, kUtf32Be},
    Magic{"\xFF\xFE"sv, kUtf16Le},
    Magic{"\xFE\xFF"sv, kUtf16Be},
    Magic{"\x1F\x8B"sv, {"is compressed (gzip)", "the file that gunzip makes of it"}},
    Magic{"BZh91AY&SY"sv, {"is compressed (bzip2)", "the file that bunzip2 makes of it"}},
    Magic{"\xFD\x37zXZ\0"sv, {"is compressed (xz)", "the file that unxz makes of it"}},
    Magic{"\x28\xB5\x2F\xFD"sv, {"is compressed (zstd)", "the file that unzstd makes of it"}},
    Magic{"PK\x03\x04"sv, {"is a ZIP archive or a spreadsheet", "a text file in UTF-8"}},
};

// Tells UTF-16 and UTF-32 without a byte order mark by the zeros of their first four bytes: every
// format that is read here begins with two ASCII characters.
std::optional<ForeignEncoding> encoding_by_zeros(std::string_view bytes) {
  if (bytes.size() < 4) return std::nullopt;
  int zeros = 0;  // a bit for each byte, the first one highest
  for (const char c : bytes.substr(0, 4)) zeros = zeros * 2 + (c == '\0' ? 1 : 0);
  switch (zeros) {
    case 0b0111:
      return kUtf32Le;
    case 0b1110:
      return kUtf32Be;
    case 0b0101:
      return kUtf16Le;
    case 0b1010:
      return kUtf16Be;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<ForeignEncoding> foreign_encoding(std::string_view bytes) {
  for (const Magic& magic : kMagics) {
    if (bytes.starts_with(magic.begins)) return magic.encoding;
  }
  return encoding_by_zeros(bytes);
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace sim
