// Tests what traces of every format share: XML and encodings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>

#include "tests/sim/script/trace_test_support.h"

namespace sim {
namespace {

using test::show;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Traces, OtherEncodingsAreNamed) {
  const auto utf16 = [](std::string_view text, bool big, bool mark) {
    std::string out;
    if (mark) out = big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : text) {
      if (big) out += '\0';
      out += c;
      if (!big) out += '\0';
    }
    return out;
  };
  constexpr std::string_view kCsv = "time_s,client,lat,lon\n0,a,34,-118\n";
  for (const bool big : {false, true}) {
    for (const bool mark : {false, true}) {
      EXPECT_THAT(show(utf16(kCsv, big, mark)),
                  ElementsAre(testing::StartsWith(big ? "1: trace: is UTF-16 (big-endian) (UTF-8"
                                                      : "1: trace: is UTF-16 (little-endian) ("
                                                        "UTF-8")));
    }
    // XML in UTF-16 is well-formed.
    EXPECT_THAT(show(utf16("<?xml version=\"1.0\" encoding=\"UTF-16\"?><fcd-export><timestep "
                           "time=\"1\"><vehicle id=\"a\" x=\"2\" y=\"3\"/></timestep></fcd-export>",
                           big, true)),
                ElementsAre("a: 1.000000 3.000000 2.000000"));
  }
}

TEST(XmlTrace, Errors) {
  EXPECT_THAT(show("<kml>\n</kml>"),
              ElementsAre("1: trace: is \"kml\" (GPX, \"gpx\", or SUMO's floating car data, "
                          "\"fcd-export\"; or CSV)"));
  EXPECT_THAT(show("<gpx>\n<trk>\n</gpx>"), ElementsAre("3: XML: mismatched tag"));
  EXPECT_THAT(show("<gpx>\n"), ElementsAre("2: XML: no element found"));
  EXPECT_THAT(show("<gpx a=1/>"), ElementsAre("1: XML: not well-formed (invalid token)"));
  EXPECT_THAT(show("<gpx/><gpx/>"), ElementsAre("1: XML: junk after document element"));
}

// Entities that grow without bound, or that name a file, are never expanded.
TEST(XmlTrace, HasNoEntities) {
  EXPECT_THAT(show(R"(<?xml version="1.0"?>
<!DOCTYPE gpx [
  <!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<gpx><trk><name>&c;</name></trk></gpx>)"),
              ElementsAre("2: XML: has a document type declaration"));
  EXPECT_THAT(show("<!DOCTYPE gpx SYSTEM \"file:///etc/passwd\">\n<gpx/>"),
              ElementsAre("1: XML: has a document type declaration"));
  EXPECT_THAT(show("<gpx><trk><name>&c;</name></trk></gpx>"),
              ElementsAre("1: XML: undefined entity"));
}

TEST(XmlTrace, IsNotNestedWithoutEnd) {
  const auto nested = [](std::size_t depth) {
    std::string text = "<gpx>\n";
    for (std::size_t i = 1; i < depth; ++i) text += "<a>";
    for (std::size_t i = 1; i < depth; ++i) text += "</a>";
    return text + "</gpx>";
  };
  EXPECT_THAT(show(nested(1000)), ElementsAre(HasSubstr("has no clients")));
  EXPECT_THAT(show(nested(1001)), ElementsAre("2: XML: nests elements more than 1000 deep"));
  EXPECT_THAT(show(nested(100'000)), ElementsAre("2: XML: nests elements more than 1000 deep"));
  std::string empty = "<gpx>\n";
  for (int i = 1; i < 1000; ++i) empty += "<a>";
  EXPECT_THAT(show(empty + "<b/><b/>"), ElementsAre("2: XML: nests elements more than 1000 deep"));
}

}  // namespace
}  // namespace sim
