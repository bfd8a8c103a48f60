#include "sim/base/text/utf8.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string_view>

namespace sim {
namespace {

TEST(Utf8, TellsAndRepairs) {
  struct Row {
    std::string_view name, text, repaired;
  };
  constexpr Row kRows[] = {
      {"empty", "", ""},
      {"ascii", "abc", "abc"},
      {"two, three and four bytes", "é→𝄞", "é→𝄞"},
      {"a lone continuation", "a\x80z", "a\xEF\xBF\xBDz"},
      {"cut short", "\xE2\x86", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"cut by ascii", "\xC3(", "\xEF\xBF\xBD("},
      {"overlong", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"a surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"the last one", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
      {"beyond the last", "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"no lead byte", "\xFE", "\xEF\xBF\xBD"},
  };
  for (const auto& [name, text, repaired] : kRows) {
    SCOPED_TRACE(name);
    EXPECT_EQ(valid_utf8(text), text == repaired);
    EXPECT_EQ(to_utf8(text), repaired);
    EXPECT_TRUE(valid_utf8(to_utf8(text)));
  }
}

TEST(Utf8, PrintableHidesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("ok → ü"), "ok → ü");
  EXPECT_EQ(printable("\x1b[2J\n\x7f"), "\\x1b[2J\\x0a\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"), "\\x9b");
}

TEST(Utf8, WidthIsInColumnsOfATerminal) {
  struct Row {
    std::string_view name, text;
    std::size_t width;
  };
  constexpr Row kRows[] = {
      {"empty", "", 0},
      {"ascii", "abc", 3},
      {"no ascii, and narrow", "µs – …", 6},
      {"Chinese and Japanese", "日本", 4},
      {"Korean", "한국", 4},
      {"Korean, letter by letter", "\u1112\u1161\u11AB", 2},
      {"full-width letters", "ＡＢ", 4},
      {"a combining accent", "e\u0301", 1},
      {"several of them", "Z\u0351\u036Ba\u0321", 2},
      {"an accent alone", "\u0301", 0},
      {"an emoji", "😀", 2},
      {"emoji beyond U+1F64F", "🚀🛸🟢🥳🪐🫠", 12},
      {"emoji with a skin tone", "👍🏽", 2},
      {"a family of emoji", "👩\u200D👩\u200D👧\u200D👦", 2},
      {"a flag", "🇩🇪", 2},
      {"two flags", "🇩🇪🇯🇵", 4},
      {"a text symbol drawn as an emoji", "❤\uFE0F", 2},
      {"the same as text", "❤", 1},
      {"a keycap", "1\uFE0F\u20E3", 2},
      {"zero width", "a\u200Bb", 2},
      {"bytes that are no character", "a\xFFz", 3},
  };
  for (const auto& [name, text, width] : kRows) EXPECT_EQ(display_width(text), width) << name;
}

TEST(Utf8, ShorteningKeepsWhatFits) {
  EXPECT_EQ(shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(shorten("abcdef", 5), "abcd…");
  EXPECT_EQ(shorten("日本語", 4), "日…");
  EXPECT_EQ(shorten("日本語", 5), "日本…");
  EXPECT_EQ(shorten("abc", 1), "…");
  EXPECT_EQ(shorten("abc", 0), "");
}

TEST(Utf8, ShorteningCutsNoCluster) {
  EXPECT_EQ(shorten("ae\u0301\u0302bcd", 3), "ae\u0301\u0302…");
  EXPECT_EQ(shorten("a👩\u200D👧bcd", 4), "a👩\u200D👧…");
  EXPECT_EQ(shorten("a👩\u200D👧bcd", 3), "a…");
  EXPECT_EQ(shorten("🇩🇪🇯🇵", 3), "🇩🇪…");
  for (std::size_t width = 0; width < 8; ++width) {
    EXPECT_LE(display_width(shorten("👍🏽a日e\u0301🇩🇪z", width)), width);
  }
}

TEST(WithBlanks, ReplacesEverySpaceOfUnicode) {
  EXPECT_EQ(with_blanks("a b\xC2\xA0"
                        "c\xE2\x80\xA8"
                        "d\xEF\xBB\xBF"
                        "e\n",
                        '_'),
            "a_b_c_d_e\\x0a");
  EXPECT_EQ(with_blanks("\xC3\xA4", '_'), "\xC3\xA4");
}

}  // namespace
}  // namespace sim
