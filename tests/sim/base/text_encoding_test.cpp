#include "sim/base/text/text_encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace sim {
namespace {

using std::string_view_literals::operator""sv;

std::string wrong(std::string_view bytes) {
  const auto encoding = foreign_encoding(bytes);
  return encoding ? std::string(encoding->wrong) : std::string();
}

TEST(TextEncoding, Utf16IsToldByItsByteOrderMarkOrByItsZeros) {
  EXPECT_EQ(wrong("\xFF\xFEt\0i\0"sv), "is UTF-16 (little-endian)");
  EXPECT_EQ(wrong("\xFE\xFF\0t\0i"sv), "is UTF-16 (big-endian)");
  EXPECT_EQ(wrong("\xFF\xFE"sv), "is UTF-16 (little-endian)");
  EXPECT_EQ(wrong("t\0i\0m\0"sv), "is UTF-16 (little-endian)");
  EXPECT_EQ(wrong("\0t\0i\0m"sv), "is UTF-16 (big-endian)");
  EXPECT_TRUE(foreign_encoding("{\0\n\0"sv)->is_utf16);
}

TEST(TextEncoding, Utf32IsNotTakenForUtf16) {
  EXPECT_EQ(wrong("\xFF\xFE\0\0t\0\0\0"sv), "is UTF-32 (little-endian)");
  EXPECT_EQ(wrong("\0\0\xFE\xFF\0\0\0t"sv), "is UTF-32 (big-endian)");
  EXPECT_EQ(wrong("t\0\0\0i\0\0\0"sv), "is UTF-32 (little-endian)");
  EXPECT_EQ(wrong("\0\0\0t\0\0\0i"sv), "is UTF-32 (big-endian)");
  EXPECT_FALSE(foreign_encoding("t\0\0\0i\0\0\0"sv)->is_utf16);
}

TEST(TextEncoding, CompressedFilesAreTold) {
  EXPECT_EQ(wrong("\x1F\x8B\x08\0"sv), "is compressed (gzip)");
  EXPECT_EQ(wrong("BZh91AY&SY\x8F"sv), "is compressed (bzip2)");
  EXPECT_EQ(wrong("\xFD\x37zXZ\0\0"sv), "is compressed (xz)");
  EXPECT_EQ(wrong("\x28\xB5\x2F\xFD\x24"sv), "is compressed (zstd)");
  EXPECT_EQ(wrong("PK\x03\x04\x14\0"sv), "is a ZIP archive or a spreadsheet");
}

TEST(TextEncoding, WhatMayBeUtf8IsNotTold) {
  EXPECT_EQ(wrong(""), "");
  EXPECT_EQ(wrong("{"), "");
  EXPECT_EQ(wrong("\xEF\xBB\xBF{}"), "");
  EXPECT_EQ(wrong("time_s,client"), "");
  EXPECT_EQ(wrong("BZh,lat,lon"), "");
  EXPECT_EQ(wrong("\0\0\0\0"sv), "");
  EXPECT_EQ(wrong("caf\xE9"), "");  // Latin-1: only a check of the whole text can tell
}

TEST(TextEncoding, AByteOrderMarkIsLeftOut) {
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB\xBF{}"), "{}");
  EXPECT_EQ(without_byte_order_mark("{}"), "{}");
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB"), "\xEF\xBB");
  EXPECT_EQ(without_byte_order_mark(""), "");
}

}  // namespace
}  // namespace sim
