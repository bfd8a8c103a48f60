#include "core/format.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

#include "core/fields.h"
#include "core/limits.h"
#include "core/parse.h"
#include "core/random.h"

namespace herd {
namespace {

constexpr PosixNs kLeast = std::numeric_limits<PosixNs>::min();
constexpr PosixNs kGreatest = std::numeric_limits<PosixNs>::max();

std::string skew(PosixNs difference_ns) {
  std::string out;
  append_skew(out, difference_ns, 0);
  return out;
}

std::string time(PosixNs time_ns) {
  std::string out;
  append_time(out, time_ns);
  return out;
}

struct FormattedRow {
  std::string_view name;
  PosixNs ns;
  std::string_view want;
};

constexpr FormattedRow kSkewRows[] = {
    {"the paper's", 263'873'386, "+0.263873386"},
    {"behind", -263'873'386, "-0.263873386"},
    {"none", 0, "+0.000000000"},
    {"a nanosecond", 1, "+0.000000001"},
    {"a nanosecond behind", -1, "-0.000000001"},
    {"almost a second", 999'999'999, "+0.999999999"},
    {"a second", 1'000'000'000, "+1.000000000"},
    {"a second behind", -1'000'000'000, "-1.000000000"},
    {"years", 1'479'413'884'392'014'450, "+1479413884.392014450"},
    {"the greatest", kGreatest, "+9223372036.854775807"},
    {"the least but one", kLeast + 1, "-9223372036.854775807"},
    {"the least", kLeast, "-9223372036.854775808"},
};

// A client may write any time, and a clock may be set to any.
TEST(AppendSkew, NeverOverflows) {
  const auto between = [](PosixNs clock, PosixNs time) {
    std::string out;
    append_skew(out, clock, time);
    EXPECT_TRUE(is_skew(out));
    return out;
  };
  EXPECT_EQ(between(kGreatest, 0), "+9223372036.854775807");
  EXPECT_EQ(between(0, kGreatest), "-9223372036.854775807");
  EXPECT_EQ(between(-1, kGreatest), "-9223372036.854775808");
  EXPECT_EQ(between(kLeast, kGreatest), "-18446744073.709551615");
  EXPECT_EQ(between(kGreatest, kLeast), "+18446744073.709551615");
  EXPECT_EQ(between(kLeast, kLeast), "+0.000000000");
}

TEST(AppendSkew, Table) {
  for (const auto& [name, ns, want] : kSkewRows) {
    SCOPED_TRACE(name);
    EXPECT_EQ(skew(ns), want);
    EXPECT_TRUE(is_skew(want));
  }
}

constexpr FormattedRow kClockTimes[] = {
    {"the paper's", 1'479'413'884'392'014'450, "1479413884.392014450"},
    {"zero", 0, "0.000000000"},
    {"a nanosecond", 1, "0.000000001"},
    {"a second", 1'000'000'000, "1.000000000"},
    {"the greatest", kGreatest, "9223372036.854775807"},
};

TEST(AppendTime, Table) {
  for (const auto& [name, ns, want] : kClockTimes) {
    SCOPED_TRACE(name);
    EXPECT_EQ(time(ns), want);
  }
}

TEST(AppendTime, IsReadBack) {
  Random random(1, "format/time");
  for (int i = 0; i < 10'000; ++i) {
    // Short and long times are equally likely.
    const auto ns = static_cast<PosixNs>(random.next() >> (1 + random.below(62)));
    ASSERT_EQ(scan_time(time(ns)), ns);
  }
}

TEST(Append, LeavesWhatIsThere) {
  std::string out = "at ";
  append_time(out, 1'500'000'000);
  out += ' ';
  append_skew(out, 0, 1);
  EXPECT_EQ(out, "at 1.500000000 -0.000000001");
}

struct ReportRow {
  std::string_view name, server;
  PosixNs clock_ns;
  std::string_view line, want;
};

constexpr ReportRow kReportRows[] = {
    {"the protocol's known answer", "Alford", 1'479'413'884'655'887'836,
     "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450",
     "AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450"},
    {"a server that is behind", "B", 1'000'000'000, "IAMAT c +0+0 2", "AT B -1.000000000 c +0+0 2"},
    {"fields stay as they were sent", "B", 0, "  IAMAT\tc   -00.0+0.000 0000.00000000001 ",
     "AT B +0.000000000 c -00.0+0.000 0000.00000000001"},
    {"the greatest time", "B", 0, "IAMAT c +0+0 9223372036.854775807",
     "AT B -9223372036.854775807 c +0+0 9223372036.854775807"},
    {"the greatest clock", "B", kGreatest, "IAMAT c +0+0 0", "AT B +9223372036.854775807 c +0+0 0"},
};

bool within(std::string_view field, std::string_view line) {
  const std::less_equal<const char*> before;
  return before(line.data(), field.data()) &&
         before(field.data() + field.size(), line.data() + line.size());
}

TEST(FormatReport, Table) {
  std::string out = "what was there before";
  for (const auto& [name, server, clock_ns, line, want] : kReportRows) {
    SCOPED_TRACE(name);
    const auto iamat = std::get<Iamat>(parse_client_line(line));
    const RecordView report = format_report(out, server, clock_ns, iamat);
    EXPECT_EQ(out, want);
    EXPECT_EQ(report.line.data(), out.data());
    for (const auto field :
         {report.line, report.server, report.skew, report.client, report.location, report.time}) {
      EXPECT_TRUE(within(field, out)) << field;
    }
    // A neighbour that receives the line must read the same report.
    const LinkCommand heard = parse_link_line(out);
    EXPECT_EQ(to_string(heard), to_string(LinkCommand(report)));
    EXPECT_EQ(std::get<RecordView>(heard).time_ns, report.time_ns);
  }
}

// The longest line that a client may send still fits on a link.
TEST(FormatReport, FitsALink) {
  std::string line = "IAMAT ";
  const std::string end = " +0+0 9223372036.854775807";
  line += std::string(kMaxClientLine - line.size() - end.size(), 'c') + end;
  ASSERT_EQ(line.size(), kMaxClientLine);
  std::string out;
  format_report(out, std::string(64, 'S'), 0, std::get<Iamat>(parse_client_line(line)));
  EXPECT_LE(out.size(), kMaxLinkLine);
}

TEST(FormatHandshake, BothWays) {
  const Handshake handshake{"paper", "Alford", "Hamilton", "00ff"};
  EXPECT_EQ(format_handshake("LINK", handshake), "LINK paper Alford Hamilton 00ff");
  EXPECT_EQ(format_handshake("LINKED", handshake), "LINKED paper Alford Hamilton 00ff");
  EXPECT_EQ(to_string(parse_client_line(format_handshake("LINK", handshake))),
            "link(paper Alford Hamilton)");
}

}  // namespace
}  // namespace herd
