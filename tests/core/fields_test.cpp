#include "core/fields.h"

#include <gtest/gtest.h>

#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace herd {
namespace {

using namespace std::string_view_literals;

template <class T>
std::string to_string(std::optional<T> value) {
  if (!value) return "none";
  char buffer[64];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, *value).ptr};
}

std::string_view to_string(bool value) { return value ? "yes" : "no"; }

std::string zeros(std::size_t count) { return std::string(count, '0'); }

struct FieldsRow {
  std::string_view name, text, want;
};

constexpr FieldsRow kTimes[] = {
    {"zero", "0", "0"},
    {"whole", "1", "1000000000"},
    {"one decimal", "1.5", "1500000000"},
    {"the paper's", "1479413884.392014450", "1479413884392014450"},
    {"trailing zeros", "1.500000000", "1500000000"},
    {"one nanosecond", "0.000000001", "1"},
    {"nine nines", "0.999999999", "999999999"},
    {"the tenth decimal is ignored", "1.0000000009", "1000000000"},
    {"and never rounds up", "1.9999999999", "1999999999"},
    {"nor do later ones", "0.00000000099999999999999999999999999", "0"},
    {"leading zeros", "0000000000000000000000000000000000001.5", "1500000000"},
    {"the greatest", "9223372036.854775807", "9223372036854775807"},
    {"the greatest and more decimals", "9223372036.8547758079999", "9223372036854775807"},
    {"the greatest whole", "9223372036", "9223372036000000000"},
    {"one nanosecond too many", "9223372036.854775808", "none"},
    {"one decimal too many", "9223372036.9", "none"},
    {"one second too many", "9223372037", "none"},
    {"2^64 ns", "18446744073.709551616", "none"},
    {"2^64 s", "18446744073709551616", "none"},
    {"2^64 s and one", "18446744073709551617.5", "none"},
    {"many digits", "99999999999999999999999999999999999999999", "none"},
    {"empty", "", "none"},
    {"point without decimals", "1.", "none"},
    {"point without digits", ".5", "none"},
    {"point alone", ".", "none"},
    {"two points", "1.5.5", "none"},
    {"two points together", "1..5", "none"},
    {"plus", "+1", "none"},
    {"minus", "-1", "none"},
    {"minus zero", "-0", "none"},
    {"sign in the fraction", "1.+5", "none"},
    {"exponent", "1e3", "none"},
    {"exponent after a fraction", "1.5e3", "none"},
    {"comma", "1,5", "none"},
    {"hexadecimal", "0x10", "none"},
    {"separator", "1'000", "none"},
    {"unit", "1s", "none"},
    {"infinity", "inf", "none"},
    {"not a number", "nan", "none"},
    {"word", "yesterday", "none"},
    {"space before", " 1", "none"},
    {"space behind", "1 ", "none"},
    {"NUL alone", "\0"sv, "none"},
    {"NUL behind", "1\0"sv, "none"},
    {"NUL behind a fraction", "1.5\0"sv, "none"},
    {"NUL for a digit", "1\0005"sv, "none"},
    {"NUL behind the point", "1.\0"sv, "none"},
    {"the byte before 0", "1/", "none"},
    {"the byte after 9", "1:", "none"},
    {"digits of another script", "\xd9\xa1", "none"},
};

TEST(ScanTime, Table) {
  for (const auto& [name, text, want] : kTimes) {
    SCOPED_TRACE(name);
    EXPECT_EQ(to_string(scan_time(text)), want);
  }
}

TEST(ScanTime, LongButGood) {
  EXPECT_EQ(to_string(scan_time(zeros(8000) + "7")), "7000000000");
  EXPECT_EQ(to_string(scan_time("7." + zeros(8000) + "7")), "7000000000");
}

// The expected result is the position of the longitude.
constexpr FieldsRow kLocations[] = {
    {"the paper's", "+34.068930-118.445127", "10"},
    {"no fractions", "+34-118", "3"},
    {"one has a fraction", "+34.5-118", "5"},
    {"the other has one", "+34-118.5", "3"},
    {"zero", "+0+0", "2"},
    {"minus zero", "-0-0", "2"},
    {"minus zero with decimals", "-0.000-000.0", "6"},
    {"few integer digits", "+4-8", "2"},
    {"many integer digits", "+00000000000000000034-000000000000000000118", "21"},
    {"many decimals", "+34.000000000000000000000000000001-118.000000000000000000000000001", "34"},
    {"north pole", "+90+0", "3"},
    {"north pole with zeros", "+90.000+0", "7"},
    {"south pole", "-90.0-0", "5"},
    {"just below a pole", "+89.99999999999999999999999999+0", "30"},
    {"antimeridian east", "+0+180", "2"},
    {"antimeridian west with zeros", "+0-180.00000", "2"},
    {"just below the antimeridian", "+0-179.9999999999999999999999999", "2"},
    {"all four at their ends", "-90.0+180.0", "5"},
    {"beyond the pole by little", "+90.0000000000000000000000000000001+0", "none"},
    {"beyond the pole south by little", "-90.1+0", "none"},
    {"beyond the pole by one", "+91+0", "none"},
    {"beyond the pole by much", "+99999999999999999999999999999999+0", "none"},
    {"2^32 degrees", "+4294967296+0", "none"},
    {"beyond the antimeridian by little", "+0+180.0000000000000000000000000001", "none"},
    {"beyond the antimeridian west", "+0-180.5", "none"},
    {"beyond the antimeridian by one", "+0-181", "none"},
    {"beyond the antimeridian by much", "+0-18446744073709551616", "none"},
    {"the coordinates changed about", "-118.445127+34.068930", "none"},
    {"empty", "", "none"},
    {"latitude only", "+34.068930", "none"},
    {"longitude empty", "+34-", "none"},
    {"latitude empty", "+-118", "none"},
    {"signs only", "+-", "none"},
    {"no sign before the latitude", "34.068930-118.445127", "none"},
    {"no sign before the longitude", "+34.068930118.445127", "none"},
    {"no signs", "34.068930 118.445127", "none"},
    {"two signs", "++34-118", "none"},
    {"two signs between", "+34+-118", "none"},
    {"a sign alone at the end", "+34-118+", "none"},
    {"altitude", "+34-118+100", "none"},
    {"solidus", "+34-118/", "none"},
    {"point without decimals", "+34.-118", "none"},
    {"point without decimals at the end", "+34-118.", "none"},
    {"point without digits", "+.5-118", "none"},
    {"point without digits at the end", "+34-.5", "none"},
    {"two points", "+34.0.0-118", "none"},
    {"exponent", "+3e1-118", "none"},
    {"exponent at the end", "+34-1e2", "none"},
    {"comma", "+34,5-118,5", "none"},
    {"comma between", "+34,-118", "none"},
    {"letters", "+34N-118W", "none"},
    {"a word", "home", "none"},
    {"the true minus sign",
     "+34\xe2\x88\x92"
     "118",
     "none"},
    {"space before", " +34-118", "none"},
    {"space behind", "+34-118 ", "none"},
    {"space between", "+34 -118", "none"},
    {"NUL behind", "+34-118\0"sv, "none"},
    {"NUL between", "+34\0-118"sv, "none"},
    {"NUL for a sign", "\00034-118"sv, "none"},
};

TEST(ScanLocation, Table) {
  for (const auto& [name, text, want] : kLocations) {
    SCOPED_TRACE(name);
    EXPECT_EQ(to_string(scan_location(text)), want);
  }
}

constexpr FieldsRow kRadii[] = {
    {"whole", "10", "10"},
    {"fraction", "0.5", "0.5"},
    {"leading zeros", "0000000000000000000010", "10"},
    {"the greatest", "50", "50"},
    {"the greatest with zeros", "50.000", "50"},
    {"the greatest with zeros before", "00050.0", "50"},
    {"just below the greatest", "49.9", "49.9"},
    {"nearer to the greatest than a double can say", "49.99999999999999999999999", "50"},
    {"small", "0.000000001", "1e-09"},
    {"zero", "0", "none"},
    {"zero with decimals", "0.0", "none"},
    {"zeros", "000.000000000000", "none"},
    {"beyond by little", "50.0000000000001", "none"},
    {"beyond by less than a double can say", "50.00000000000000000000000000000001", "none"},
    {"beyond by one", "51", "none"},
    {"beyond by much", "99999999999999999999999999999999999", "none"},
    {"2^32 and ten", "4294967306", "none"},
    {"empty", "", "none"},
    {"plus", "+10", "none"},
    {"minus", "-10", "none"},
    {"point without decimals", "10.", "none"},
    {"point without digits", ".5", "none"},
    {"two points", "1.0.0", "none"},
    {"exponent", "1e2", "none"},
    {"small exponent", "1e1", "none"},
    {"unit", "10km", "none"},
    {"comma", "0,5", "none"},
    {"infinity", "inf", "none"},
    {"not a number", "nan", "none"},
    {"hexadecimal", "0x1", "none"},
    {"space before", " 10", "none"},
    {"space behind", "10 ", "none"},
    {"NUL behind", "10\0"sv, "none"},
};

TEST(ScanRadius, Table) {
  for (const auto& [name, text, want] : kRadii) {
    SCOPED_TRACE(name);
    EXPECT_EQ(to_string(scan_radius_km(text)), want);
  }
}

// A radius is greater than zero even if a double cannot represent it.
TEST(ScanRadius, TooSmallForADouble) {
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(scan_radius_km("0." + zeros(323) + "5"), kLeast);
  EXPECT_EQ(scan_radius_km("0." + zeros(323) + "1"), kLeast);
  EXPECT_EQ(scan_radius_km("0." + zeros(400) + "1"), kLeast);
  EXPECT_EQ(scan_radius_km("0." + zeros(8000) + "1"), kLeast);
  EXPECT_EQ(scan_radius_km("0." + zeros(8000)), std::nullopt);
}

constexpr FieldsRow kBounds[] = {
    {"least", "1", "1"},
    {"greatest", "20", "20"},
    {"between", "5", "5"},
    {"leading zeros", "0000000000000000000020", "20"},
    {"zero", "0", "none"},
    {"zeros", "000", "none"},
    {"beyond by one", "21", "none"},
    {"beyond by much", "99999999999999999999999", "none"},
    {"2^32 and five", "4294967301", "none"},
    {"empty", "", "none"},
    {"plus", "+5", "none"},
    {"minus", "-5", "none"},
    {"fraction", "5.0", "none"},
    {"point", "5.", "none"},
    {"exponent", "1e1", "none"},
    {"hexadecimal", "0x5", "none"},
    {"word", "five", "none"},
    {"space before", " 5", "none"},
    {"space behind", "5 ", "none"},
    {"NUL behind", "5\0"sv, "none"},
};

TEST(ScanBound, Table) {
  for (const auto& [name, text, want] : kBounds) {
    SCOPED_TRACE(name);
    EXPECT_EQ(to_string(scan_bound(text)), want);
  }
}

constexpr FieldsRow kSkews[] = {
    {"the paper's", "+0.263873386", "yes"},
    {"negative", "-0.263873386", "yes"},
    {"whole", "+1", "yes"},
    {"zero", "+0", "yes"},
    {"minus zero", "-0.000000000", "yes"},
    {"many digits", "+99999999999999999999999999.99999999999999999999999", "yes"},
    {"empty", "", "no"},
    {"no sign", "0.263873386", "no"},
    {"sign alone", "+", "no"},
    {"two signs", "+-1", "no"},
    {"point without decimals", "+1.", "no"},
    {"point without digits", "+.5", "no"},
    {"two points", "+1.0.0", "no"},
    {"sign behind", "1+", "no"},
    {"exponent", "+1e3", "no"},
    {"letters", "+abc", "no"},
    {"space behind", "+1 ", "no"},
    {"NUL behind", "+1\0"sv, "no"},
    {"a location", "+34-118", "no"},
};

TEST(IsSkew, Table) {
  for (const auto& [name, text, want] : kSkews) {
    SCOPED_TRACE(name);
    EXPECT_EQ(to_string(is_skew(text)), want);
  }
}

constexpr std::string_view kSixtyFour =
    "abcdefghijklmnopqrstuvwxyz.ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789";

constexpr FieldsRow kNames[] = {
    {"the paper's", "Alford", "yes"},
    {"one letter", "S", "yes"},
    {"digits", "17", "yes"},
    {"point alone", ".", "yes"},
    {"low line and hyphen", "_-", "yes"},
    {"64 bytes", kSixtyFour, "yes"},
    {"empty", "", "no"},
    {"space", "A B", "no"},
    {"space behind", "A ", "no"},
    {"NUL behind", "A\0"sv, "no"},
    {"solidus", "a/b", "no"},
    {"plus", "a+b", "no"},
    {"colon", "a:b", "no"},
    {"the byte before A", "@", "no"},
    {"the byte after Z", "[", "no"},
    {"the byte before a", "`", "no"},
    {"the byte after z", "{", "no"},
    {"above 127", "Caf\xc3\xa9", "no"},
};

TEST(IsName, Table) {
  static_assert(kSixtyFour.size() == 64);
  for (const auto& [name, text, want] : kNames) {
    SCOPED_TRACE(name);
    EXPECT_EQ(to_string(is_name(text)), want);
  }
  EXPECT_FALSE(is_name(std::string(kSixtyFour) + "a"));
}

TEST(Characters, EveryByte) {
  for (int byte = 0; byte < 256; ++byte) {
    SCOPED_TRACE(byte);
    const char c = static_cast<char>(byte);
    const bool space = " \t\r\n\f\v"sv.find(c) != std::string_view::npos;
    EXPECT_EQ(is_space(c), space);
    EXPECT_EQ(is_digit(c), "0123456789"sv.find(c) != std::string_view::npos);
  }
}

}  // namespace
}  // namespace herd
