#include "core/framing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "core/limits.h"

namespace herd {
namespace {

using namespace std::string_literals;

std::string show(std::string_view text) {
  if (text.size() > kOverlongEcho) {
    return std::string(1, text.front()) + "*" + std::to_string(text.size());
  }
  std::string out;
  for (const char c : text) {
    if (c == '\r') {
      out += "<CR>";
    } else if (c == '\0') {
      out += "<NUL>";
    } else {
      out += c;
    }
  }
  return out;
}

// Reads a stream as a host does: passes the bytes in pieces and keeps the unfinished rest.
std::string read_all(std::string_view bytes, std::size_t piece, std::size_t max_line) {
  std::string out;
  std::string carry;
  while (!bytes.empty()) {
    carry += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    std::string_view left = carry;
    for (;;) {
      const std::string_view before = left;
      const FramedLine framed = take_line(left, max_line);
      if (framed.status == Framing::kNeedMore) {
        EXPECT_EQ(left, before);
        break;
      }
      EXPECT_EQ(framed.line.text.data(), before.data()) << "not a view of what was handed in";
      if (framed.status == Framing::kTooLong) {
        EXPECT_EQ(left, before);
        EXPECT_EQ(framed.line.ending, "");
        return out + "too-long(" + std::to_string(framed.line.text.size()) + ")";
      }
      EXPECT_EQ(before.size() - left.size(), framed.line.text.size() + framed.line.ending.size());
      out += "[" + show(framed.line.text) + (framed.line.ending == "\n" ? "|LF] " : "|CRLF] ");
    }
    carry = std::string(left);
  }
  return carry.empty() ? out : out + "rest(" + show(carry) + ")";
}

struct FramingRow {
  std::string name, bytes, want;
};

std::string x(std::size_t count) { return std::string(count, 'x'); }

const FramingRow kRows[] = {
    {"nothing", "", ""},
    {"LF", "abc\n", "[abc|LF] "},
    {"CR LF", "abc\r\n", "[abc|CRLF] "},
    {"empty line, LF", "\n", "[|LF] "},
    {"empty line, CR LF", "\r\n", "[|CRLF] "},
    {"empty lines", "\n\r\n\n", "[|LF] [|CRLF] [|LF] "},
    {"several, each with its own ending", "a\nb\r\nc\n", "[a|LF] [b|CRLF] [c|LF] "},
    {"no ending", "abc", "rest(abc)"},
    {"a CR may be half of an ending", "abc\r", "rest(abc<CR>)"},
    {"CR alone", "\r", "rest(<CR>)"},
    {"a CR in the middle ends nothing", "a\rb\n", "[a<CR>b|LF] "},
    {"a CR at the beginning", "\rab\n", "[<CR>ab|LF] "},
    {"of two CRs the last is the ending's", "ab\r\r\n", "[ab<CR>|CRLF] "},
    {"LF CR is an ending and a beginning", "ab\n\rc\n", "[ab|LF] [<CR>c|LF] "},
    {"NUL is an ordinary byte", "a\0b\n\0\n"s, "[a<NUL>b|LF] [<NUL>|LF] "},
    {"white space stays", " a\t \v\f\n", "[ a\t \v\f|LF] "},
    {"bytes above 127", "\xff\xc3\xa9\n", "[\xff\xc3\xa9|LF] "},
    {"a line and the beginning of one", "abc\nde", "[abc|LF] rest(de)"},
    {"the longest, LF", x(8192) + "\n", "[x*8192|LF] "},
    {"the longest, CR LF", x(8192) + "\r\n", "[x*8192|CRLF] "},
    {"the longest, unfinished", x(8192), "rest(x*8192)"},
    {"the longest and half an ending", x(8192) + "\r", "rest(x*8193)"},
    {"a CR as its last byte", x(8191) + "\r\r\n", "[x*8192|CRLF] "},
    {"the longest, again and again", x(8192) + "\n" + x(8192) + "\r\n",
     "[x*8192|LF] [x*8192|CRLF] "},
    {"one too many", x(8193), "too-long(64)"},
    {"one too many, LF", x(8193) + "\n", "too-long(64)"},
    {"one too many, CR LF", x(8193) + "\r\n", "too-long(64)"},
    {"one too many, a CR that ends nothing", x(8192) + "\ry", "too-long(64)"},
    {"one too many, the first of two CRs", x(8192) + "\r\r\n", "too-long(64)"},
    {"far too long", x(100'000) + "\n", "too-long(64)"},
    {"too long behind a good one", "abc\n" + x(8193) + "\n", "[abc|LF] too-long(64)"},
    {"NULs count", std::string(8193, '\0') + "\n", "too-long(64)"},
};

TEST(TakeLine, Whole) {
  for (const auto& [name, bytes, want] : kRows) {
    SCOPED_TRACE(name);
    EXPECT_EQ(read_all(bytes, bytes.size() + 1, kMaxClientLine), want);
  }
}

TEST(TakeLine, InPieces) {
  for (const auto& [name, bytes, want] : kRows) {
    SCOPED_TRACE(name);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 8191U, 8192U, 8193U}) {
      EXPECT_EQ(read_all(bytes, piece, kMaxClientLine), want) << "in pieces of " << piece;
    }
  }
}

TEST(TakeLine, WithTrailingBytes) {
  for (const auto& [name, bytes, want] : kRows) {
    SCOPED_TRACE(name);
    // The next bytes would belong to the unfinished line.
    if (want.find("rest(") != std::string::npos) continue;
    const bool over = want.find("too-long") != std::string::npos;
    for (const std::size_t piece : {std::size_t{1}, bytes.size() + 9}) {
      EXPECT_EQ(read_all(bytes + "tail\r\nend", piece, kMaxClientLine),
                over ? want : want + "[tail|CRLF] rest(end)");
    }
  }
}

TEST(TakeLine, OverlongTextIsHowTheLineBegins) {
  std::string bytes;
  for (int i = 0; bytes.size() <= kMaxLinkLine; ++i) bytes += std::to_string(i) + ' ';
  std::string_view left = bytes;
  const FramedLine framed = take_line(left, kMaxLinkLine);
  EXPECT_EQ(framed.status, Framing::kTooLong);
  EXPECT_EQ(framed.line.text, bytes.substr(0, kOverlongEcho));
}

TEST(TakeLine, TheLimitIsTheCallers) {
  const std::string bytes = x(kMaxLinkLine) + "\r\n";
  EXPECT_EQ(read_all(bytes, 1000, kMaxLinkLine), "[x*9216|CRLF] ");
  EXPECT_EQ(read_all(bytes, 1000, kMaxLinkLine - 1), "too-long(64)");
}

}  // namespace
}  // namespace herd
