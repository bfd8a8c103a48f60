#include "core/record.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/limits.h"
#include "core/parse.h"
#include "tests/core/report_of.h"

namespace herd {
namespace {

constexpr std::uint32_t kHash = 0x12345678;  // of a client, for tables

// Each report is newer than the one before it. Two neighbouring rows differ only in the field in
// the name, or also in less important fields that point the other way.
struct OrderedReport {
  std::string_view name, line;
};

constexpr OrderedReport kOldestRows[] = {
    {"the oldest", "AT A +0.1 c +1+1 1"},
    {"skew as text: 1 before 2", "AT A +0.2 c +1+1 1"},
    {"skew as text: + before -", "AT A -0.1 c +1+1 1"},
    {"the same time in more words, of any skew", "AT A +0.1 c +1+1 1.0"},
    {"and in still more", "AT A +0.1 c +1+1 1.00"},
    {"server as bytes, whatever the words", "AT B +0.1 c +1+1 1"},
    {"capitals come first", "AT a +0.1 c +1+1 1"},
    {"a prefix comes first", "AT aa +0.1 c +1+1 1"},
    {"location as text", "AT A +0.1 c +1+2 1"},
    {"location as text: a digit after a sign", "AT A +0.1 c +10+1 1"},
    {"location as text: + before -", "AT A +0.1 c -1+1 1"},
    {"a nanosecond", "AT A +0.1 c +1+1 1.000000001"},
    {"its tenth decimal is words only", "AT A +0.1 c +1+1 1.0000000019"},
    {"as a number: 2 after 1.9", "AT A +0.1 c +1+1 2"},
    {"leading zeros are words only", "AT A +0.1 c +1+1 010"},
    {"and 1 comes after 0", "AT A +0.1 c +1+1 10"},
    {"as a number: 11 after 10", "AT A +0.1 c +1+1 11"},
};

TEST(Newness, Ladder) {
  for (std::size_t i = 0; i < std::size(kOldestRows); ++i) {
    SCOPED_TRACE(kOldestRows[i].name);
    for (std::size_t j = 0; j < std::size(kOldestRows); ++j) {
      EXPECT_EQ(compare(report_of(kOldestRows[i].line), report_of(kOldestRows[j].line)), i <=> j)
          << kOldestRows[j].line;
    }
  }
}

// Returns every report over a small alphabet of each field.
std::vector<std::string> small_reports() {
  std::vector<std::string> lines;
  for (const std::string time : {"1", "1.0", "2"}) {
    for (const std::string location : {"+1+1", "+1+2", "-1+1"}) {
      for (const std::string server : {"A", "B"}) {
        for (const std::string skew : {"+0.1", "-0.1"}) {
          std::string line = "AT ";
          line += server + ' ' + skew + " c " + location + ' ' + time;
          lines.push_back(std::move(line));
        }
      }
    }
  }
  return lines;
}

TEST(Newness, IsAStrictTotalOrder) {
  const std::vector<std::string> lines = small_reports();
  std::vector<RecordView> all;
  for (const auto& line : lines) all.push_back(report_of(line));
  int wrong = 0;
  for (const RecordView& a : all) {
    for (const RecordView& b : all) {
      // Exactly one of <, =, > is true, and = only for the same report.
      wrong += (compare(a, b) == 0) != (a.line == b.line);
      wrong += (compare(a, b) < 0) != (compare(b, a) > 0);
      for (const RecordView& c : all) {
        wrong += compare(a, b) < 0 && compare(b, c) < 0 && !(compare(a, c) < 0);
      }
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(Newness, SpacesAndClientsDoNotCount) {
  EXPECT_TRUE(compare(report_of("AT A +0.1 c +1+1 1"), report_of("  AT\tA +0.1  d +1+1 1 ")) == 0);
}

struct RepeatRow {
  std::string_view name, line;
  bool want;
};

constexpr RepeatRow kRepeats[] = {
    {"the very same", "AT A +0.1 c +1+1 1", true},
    {"another skew", "AT A -7 c +1+1 1", true},
    {"another word for the time", "AT A +0.1 c +1+1 1.0", true},
    {"another word for the place", "AT A +0.1 c +1.0+1 1", false},
    {"another server", "AT B +0.1 c +1+1 1", false},
    {"another place", "AT A +0.1 c +1+2 1", false},
    {"another time", "AT A +0.1 c +1+1 1.000000001", false},
};

TEST(Repeats, Table) {
  for (const auto& [name, line, want] : kRepeats) {
    SCOPED_TRACE(name);
    EXPECT_EQ(repeats(report_of(line), report_of("AT A +0.1 c +1+1 1")), want);
    EXPECT_EQ(repeats(report_of("AT A +0.1 c +1+1 1"), report_of(line)), want);
  }
}

TEST(Record, HoldsWhatItWasGiven) {
  for (const std::string_view line :
       {"AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450",
        "AT A -0 c +1+1 1", " \tAT   A\v-0 c\f+1+1 1  ", "AT A +0 caf\xc3\xa9 +1+1 1"}) {
    std::optional<std::string> source(line);
    const Record record(report_of(*source), kHash);
    source.reset();  // the record must not need it any more
    EXPECT_EQ(record.view().line, line);
    EXPECT_EQ(to_string(LinkCommand(record.view())), to_string(parse_link_line(line)));
    EXPECT_EQ(record.view().time_ns, report_of(line).time_ns);
  }
}

TEST(Record, IsReassigned) {
  const std::string longer = "AT Alford +0.263873386 kiwi +34.068930-118.445127 1479413884.39";
  const std::string shorter = "AT B -1 kiwi +3-1 2";
  Record record(report_of(longer), kHash);
  for (const auto& line : {shorter, longer, shorter}) {
    record.assign(report_of(line), kHash);
    EXPECT_EQ(record.view().line, line);
    EXPECT_EQ(to_string(LinkCommand(record.view())), to_string(parse_link_line(line)));
  }
}

TEST(Record, CopiesAndMovesWithItsText) {
  const std::string line = "AT A +1 c +1+1 1";
  Record first(report_of(line), kHash);
  const Record copy = first;
  const Record moved = std::move(first);
  for (const Record* record : {&copy, &moved}) {
    EXPECT_EQ(to_string(LinkCommand(record->view())), "at(A +1 c +1+1 @1)");
    EXPECT_EQ(record->view().client.data() - record->view().line.data(), 8);
  }
}

TEST(Record, SharesWhatIsKeptAlready) {
  const std::string line = "AT A +1 c +1+1 1";
  const Record first(report_of(line), kHash);
  EXPECT_NE(Record(report_of(line), kHash).kept(), first.kept())
      << "text that nobody keeps is copied";
  Record second(first.view(), kHash);
  EXPECT_EQ(second.kept(), first.kept());

  // A shared report is not overwritten.
  const std::string newer = "AT A +1 c +1+1 2";
  second.assign(report_of(newer), kHash);
  EXPECT_EQ(first.view().line, line);
  EXPECT_EQ(second.view().line, newer);
  // A report that is not shared is overwritten.
  const KeptReport* const own = second.kept();
  second.assign(report_of(line), kHash);
  EXPECT_EQ(second.kept(), own);
  EXPECT_EQ(second.view().line, line);
  second.assign(second.view(), kHash);
  EXPECT_EQ(second.view().line, line);
}

// All records with the report see its label. A newer report has none, also in the same memory.
TEST(Record, HasTheLabelOfItsReport) {
  Record record(report_of("AT A +1 c +1+1 1"), kHash);
  EXPECT_EQ(record.kept()->label(), KeptReport::kNoLabel);
  record.kept()->set_label(7);
  const KeptReport* const memory = record.kept();
  EXPECT_EQ(Record(record.view(), kHash).kept()->label(), 7U);
  record.assign(report_of("AT A +1 c +1+1 2"), kHash);
  ASSERT_EQ(record.kept(), memory);
  EXPECT_EQ(record.kept()->label(), KeptReport::kNoLabel);
}

TEST(Record, OutlivesThoseThatItShares) {
  auto first = std::make_optional<Record>(report_of("AT A +1 c +1+1 1"), kHash);
  Record second(first->view(), kHash);
  Record third(report_of("AT A +1 c +1+1 2"), 7);
  third = second;
  first.reset();
  second.assign(report_of("AT A +1 c +1+1 3"), 9);
  EXPECT_EQ(third.view().line, "AT A +1 c +1+1 1");
  EXPECT_EQ(third.client_hash(), kHash);
  EXPECT_EQ(second.client_hash(), 9U);
}

TEST(Record, HoldsTheLongestLine) {
  std::string line = "AT A +1 ";
  const std::string end = " +1+1 1";
  line += std::string(kMaxLinkLine - line.size() - end.size(), 'c') + end;
  ASSERT_EQ(line.size(), kMaxLinkLine);
  const Record record(report_of(line), kHash);
  EXPECT_EQ(record.view().client, std::string(9201, 'c'));
  EXPECT_EQ(record.view().time, "1");
}

}  // namespace
}  // namespace herd
