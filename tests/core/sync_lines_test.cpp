#include "core/sync_lines.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>

#include "core/limits.h"
#include "core/random.h"

namespace herd {
namespace {

struct SyncRow {
  std::string_view name, line, want;
};

constexpr SyncRow kGood[] = {
    {"hold", "SYNC HOLD 3 0123456789abcdef", "sync(HOLD 3 0123456789abcdef)"},
    {"hold of nothing", "SYNC HOLD 0 0000000000000000", "sync(HOLD 0 0000000000000000)"},
    {"leading zeros", "SYNC HOLD 003 0123456789abcdef", "sync(HOLD 3 0123456789abcdef)"},
    {"as many as can be", "SYNC HOLD 18446744073709551615 ffffffffffffffff",
     "sync(HOLD 18446744073709551615 ffffffffffffffff)"},
    {"begin", "SYNC BEGIN 3 0123456789abcdef", "sync(BEGIN 3 0123456789abcdef)"},
    {"white space of all kinds", "\t SYNC\vBEGIN  3\f0123456789abcdef ",
     "sync(BEGIN 3 0123456789abcdef)"},
    {"sum of all", "SYNC SUM * 1.00000000000000ff - - - - - - - - - - - - - - 2.00000000000000aa",
     "sync(SUM * 1.00000000000000ff - - - - - - - - - - - - - - 2.00000000000000aa)"},
    {"sum of a range", "SYNC SUM 3fa* - - - - - - - - - - - - - - - -",
     "sync(SUM 3fa* - - - - - - - - - - - - - - - -)"},
    {"sum of the smallest range", "SYNC SUM 0123456789abcde* - - - - - - - - - - - - - - - -",
     "sync(SUM 0123456789abcde* - - - - - - - - - - - - - - - -)"},
    {"list", "SYNC LIST 3f* 3f00000000000001:12.5:0123456789abcdef",
     "sync(LIST 3f* 3f00000000000001:12.500000000:0123456789abcdef)"},
    {"list of two",
     "SYNC LIST * 3f00000000000001:0:0000000000000000 "
     "3f00000000000001:9223372036.854775807:ffffffffffffffff",
     "sync(LIST * 3f00000000000001:0.000000000:0000000000000000 "
     "3f00000000000001:9223372036.854775807:ffffffffffffffff)"},
    {"list of nothing", "SYNC LIST 0123456789abcdef*", "sync(LIST 0123456789abcdef*)"},
    {"want", "SYNC WANT 0123456789abcdef", "sync(WANT 0123456789abcdef)"},
    {"want two", "SYNC WANT 0123456789abcdef 0000000000000000",
     "sync(WANT 0123456789abcdef 0000000000000000)"},
    {"more", "SYNC MORE", "sync(MORE)"},
    {"go", "SYNC GO ", "sync(GO)"},
    {"end", "SYNC END 0", "sync(END 0)"},
    {"end with questions", "SYNC END 17", "sync(END 17)"},
    {"record", "SYNC AT Ball -0.5 kiwi +34-118 0", "sync(AT Ball -0.5 kiwi +34-118 0)"},
    {"record, byte for byte", "SYNC  AT Ball\t-0.5 kiwi +34-118 0 ",
     "sync( AT Ball\t-0.5 kiwi +34-118 0 )"},
};

constexpr SyncRow kBad[] = {
    {"nothing", "SYNC", "error(missing-field @4)"},
    {"unknown", "SYNC HELD 3 0123456789abcdef", "error(unknown-command @5)"},
    {"in lower case", "SYNC go", "error(unknown-command @5)"},
    {"a client's report", "SYNC IAMAT kiwi +34-118 0", "error(unknown-command @5)"},
    {"a sign of life", "SYNC ALIVE", "error(unknown-command @5)"},
    {"hold alone", "SYNC HOLD", "error(missing-field @9)"},
    {"hold without a fingerprint", "SYNC HOLD 3", "error(missing-field @11)"},
    {"hold and more", "SYNC HOLD 3 0123456789abcdef x", "error(extra-field @29)"},
    {"negative count", "SYNC HOLD -3 0123456789abcdef", "error(bad-count @10)"},
    {"count with a plus", "SYNC HOLD +3 0123456789abcdef", "error(bad-count @10)"},
    {"count in hexadecimal", "SYNC HOLD 3f 0123456789abcdef", "error(bad-count @10)"},
    {"count beyond 64 bits", "SYNC HOLD 18446744073709551616 0123456789abcdef",
     "error(bad-count @10)"},
    {"short fingerprint", "SYNC HOLD 3 0123456789abcde", "error(bad-hash @12)"},
    {"long fingerprint", "SYNC HOLD 3 0123456789abcdef0", "error(bad-hash @12)"},
    {"fingerprint in capitals", "SYNC BEGIN 3 0123456789ABCDEF", "error(bad-hash @13)"},
    {"no hexadecimal digit", "SYNC BEGIN 3 0123456789abcdeg", "error(bad-hash @13)"},
    {"sum alone", "SYNC SUM", "error(missing-field @8)"},
    {"sum of fifteen", "SYNC SUM * - - - - - - - - - - - - - - -", "error(missing-field @40)"},
    {"sum of seventeen", "SYNC SUM * - - - - - - - - - - - - - - - - -", "error(extra-field @43)"},
    {"prefix without a star", "SYNC SUM 3f - - - - - - - - - - - - - - - -",
     "error(bad-prefix @9)"},
    {"prefix in capitals", "SYNC SUM 3F* - - - - - - - - - - - - - - - -", "error(bad-prefix @9)"},
    {"star in the middle", "SYNC SUM 3*f* - - - - - - - - - - - - - - - -", "error(bad-prefix @9)"},
    {"a hash cannot be split", "SYNC SUM 0123456789abcdef* - - - - - - - - - - - - - - - -",
     "error(bad-prefix @9)"},
    {"part of none", "SYNC SUM * 0.00000000000000ff - - - - - - - - - - - - - - -",
     "error(bad-count @11)"},
    {"part without a count", "SYNC SUM * .00000000000000ff - - - - - - - - - - - - - - -",
     "error(bad-count @11)"},
    {"part without a fingerprint", "SYNC SUM * 1. - - - - - - - - - - - - - - -",
     "error(bad-hash @11)"},
    {"part without a point", "SYNC SUM * 1 - - - - - - - - - - - - - - -", "error(bad-hash @11)"},
    {"part with a bad fingerprint", "SYNC SUM * 1.ff - - - - - - - - - - - - - - -",
     "error(bad-hash @11)"},
    {"list alone", "SYNC LIST", "error(missing-field @9)"},
    {"list of too long a prefix", "SYNC LIST 0123456789abcdef0*", "error(bad-prefix @10)"},
    {"entry outside the range", "SYNC LIST 3f* 4f00000000000001:0:0123456789abcdef",
     "error(bad-hash @14)"},
    {"entry without a time", "SYNC LIST * 3f00000000000001::0123456789abcdef",
     "error(bad-time @12)"},
    {"entry with a negative time", "SYNC LIST * 3f00000000000001:-1:0123456789abcdef",
     "error(bad-time @12)"},
    {"entry of two parts", "SYNC LIST * 3f00000000000001:0", "error(bad-hash @12)"},
    {"entry of four parts",
     "SYNC LIST * 3f00000000000001:0:0123456789abcdef:", "error(bad-hash @12)"},
    {"entry of none", "SYNC LIST * :", "error(bad-hash @12)"},
    {"the second entry", "SYNC LIST * 3f00000000000001:0:0123456789abcdef x",
     "error(bad-hash @48)"},
    {"want of nothing", "SYNC WANT", "error(missing-field @9)"},
    {"want of no hash", "SYNC WANT kiwi", "error(bad-hash @10)"},
    {"more and more", "SYNC MORE MORE", "error(extra-field @10)"},
    {"go and more", "SYNC GO 1", "error(extra-field @8)"},
    {"end alone", "SYNC END", "error(missing-field @8)"},
    {"end of a negative count", "SYNC END -1", "error(bad-count @9)"},
    {"end and more", "SYNC END 1 1", "error(extra-field @11)"},
    {"a bad record, columns in the whole line", "SYNC AT Ball 0.5 kiwi +34-118 0",
     "error(bad-skew @13)"},
    {"a record cut short", "SYNC AT Ball", "error(missing-field @12)"},
    {"a record with a NUL for its command", {"SYNC A\0T", 8}, "error(unknown-command @5)"},
};

TEST(SyncLines, AreKnownByTheirFirstWord) {
  for (const std::string_view line : {"SYNC", "SYNC GO", " \tSYNC x", "SYNC "}) {
    EXPECT_TRUE(is_sync_line(line)) << line;
  }
  for (const std::string_view line : {"", "SYNCGO", "AT SYNC", "sync GO", "SYN", "? SYNC"}) {
    EXPECT_FALSE(is_sync_line(line)) << line;
  }
}

TEST(SyncLines, Good) {
  for (const auto& [name, line, want] : kGood) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(is_sync_line(line));
    EXPECT_EQ(to_string(parse_sync_line(line)), want);
  }
}

TEST(SyncLines, Bad) {
  for (const auto& [name, line, want] : kBad) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(is_sync_line(line));
    const SyncCommand command = parse_sync_line(line);
    EXPECT_EQ(to_string(command), want);
    const auto* const error = std::get_if<ParseError>(&command);
    ASSERT_NE(error, nullptr);
    if (!error->offending.empty()) {
      EXPECT_EQ(error->offending.data(), line.data() + error->column);
    }
  }
}

TEST(SyncLines, ReadTheSameWhenWritten) {
  for (const auto& [name, line, want] : kGood) {
    SCOPED_TRACE(name);
    const std::string written = "SYNC " + std::string(want.substr(5, want.size() - 6));
    EXPECT_EQ(to_string(parse_sync_line(written)), want);
  }
}

TEST(SyncLines, RecordIsByteForByte) {
  const std::string line = "SYNC  AT Ball  -0.5 kiwi +34-118 1.5";
  const SyncCommand command = parse_sync_line(line);
  const auto& record = std::get<RecordView>(command);
  EXPECT_EQ(record.line, " AT Ball  -0.5 kiwi +34-118 1.5");
  EXPECT_EQ(record.client, "kiwi");
  EXPECT_EQ(record.time_ns, 1'500'000'000);
  std::string written;
  format_sync(written, record);
  EXPECT_EQ(written, line);
}

// The longest line of each kind that an endpoint sends fits on a link.
TEST(SyncLines, FitALink) {
  constexpr std::uint64_t kMost = ~std::uint64_t{0};
  std::string line;
  SyncSum sum;
  sum.range = {0xfffffffffffffff0, 15};
  sum.parts.fill({kMost, kMost});
  format_sync(line, sum);
  EXPECT_LE(line.size(), kMaxLinkLine);
  SyncWant want;
  want.hashes.assign(500, kMost);
  format_sync(line, want);
  EXPECT_LE(line.size(), kMaxLinkLine);
}

// Good lines with a few wrong bytes: each is parsed or refused, and an error's field lies within
// the line.
TEST(SyncLines, GarbledOnesAreJudgedAll) {
  Random random(1, "sync/garbled");
  int good = 0, bad = 0;
  for (int i = 0; i < 40'000; ++i) {
    std::string line(kGood[random.below(std::size(kGood))].line);
    for (std::uint64_t j = 1 + random.below(3); j > 0; --j) {
      const std::size_t place = random.below(line.size());
      if (random.below(2) == 0) {
        line[place] = " *:.-0f9G\0"[random.below(10)];
      } else {
        line.erase(place, 1 + random.below(4));
      }
      if (line.empty()) line = " ";
    }
    if (!is_sync_line(line)) continue;
    const SyncCommand command = parse_sync_line(line);
    if (const auto* const error = std::get_if<ParseError>(&command)) {
      ++bad;
      ASSERT_LE(error->column + error->offending.size(), line.size());
      continue;
    }
    ++good;
    const std::string described = to_string(command);
    const std::string written = "SYNC " + described.substr(5, described.size() - 6);
    ASSERT_EQ(to_string(parse_sync_line(written)), described) << line;
  }
  EXPECT_GT(good, 1000);
  EXPECT_GT(bad, 1000);
}

}  // namespace
}  // namespace herd
