#include "core/parse.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/format.h"
#include "core/random.h"

namespace herd {
namespace {

using namespace std::string_view_literals;

struct LineRow {
  std::string_view name, line, want;
};

constexpr LineRow kGoodClientLines[] = {
    {"the paper's report", "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450",
     "iamat(kiwi.cs.ucla.edu +34.068930-118.445127 @1479413884.392014450)"},
    {"the paper's question", "WHATSAT kiwi.cs.ucla.edu 10 5", "whatsat(kiwi.cs.ucla.edu 10 5)"},
    {"least of everything", "IAMAT c +0+0 0", "iamat(c +0+0 @0)"},
    {"a client may be called as a command", "IAMAT IAMAT +0+0 0", "iamat(IAMAT +0+0 @0)"},
    {"or as a location", "IAMAT +0+0 +1+1 0", "iamat(+0+0 +1+1 @0)"},
    {"or in any bytes", "IAMAT \x01\xff'\" +0+0 0", "iamat(\x01\xff'\" +0+0 @0)"},
    {"NUL is an ordinary byte", "IAMAT a\0b +0+0 0"sv, "iamat(a\0b +0+0 @0)"sv},
    {"a no-break space is no space",
     "IAMAT a\xc2\xa0"
     "b +0+0 0",
     "iamat(a\xc2\xa0"
     "b +0+0 @0)"},
    {"spaces at both ends", "  IAMAT c +0+0 0  ", "iamat(c +0+0 @0)"},
    {"many spaces between", "IAMAT    c  +0+0   0", "iamat(c +0+0 @0)"},
    {"all six kinds of white space", " \t\r\n\f\vIAMAT\v\f\n\r\t c\r+0+0\n0\f", "iamat(c +0+0 @0)"},
    {"tabs", "WHATSAT\tc\t50.0\t020", "whatsat(c 50.0 20)"},
    {"vertical tabs", "WHATSAT\vc\v1\v1\v", "whatsat(c 1 1)"},
    {"form feeds", "\fWHATSAT\fc\f1\f1", "whatsat(c 1 1)"},
    {"carriage returns", "\rWHATSAT\rc\r1\r1\r", "whatsat(c 1 1)"},
    {"a link's opening", "LINK paper Alford Hamilton 00ff", "link(paper Alford Hamilton)"},
    {"a nonce of any bytes", "LINK p A B ?!\xff", "link(p A B)"},
};

constexpr LineRow kBadClientLines[] = {
    // The command.
    {"empty", "", "error(missing-field @0)"},
    {"a space", " ", "error(missing-field @1)"},
    {"all white space", " \t\r\n\f\v", "error(missing-field @6)"},
    {"unknown", "HELLO", "error(unknown-command @0) HELLO"},
    {"unknown behind spaces", "  HELLO there", "error(unknown-command @2) HELLO"},
    {"in lower case", "iamat c +0+0 0", "error(unknown-command @0) iamat"},
    {"in mixed case", "WhatsAt c 1 1", "error(unknown-command @0) WhatsAt"},
    {"too short", "IAMA c +0+0 0", "error(unknown-command @0) IAMA"},
    {"too long", "IAMATS c +0+0 0", "error(unknown-command @0) IAMATS"},
    {"run together", "IAMATc +0+0 0", "error(unknown-command @0) IAMATc"},
    {"a NUL behind it", "IAMAT\0 c +0+0 0"sv, "error(unknown-command @0) IAMAT\0"sv},
    {"a NUL before it", "\0IAMAT c +0+0 0"sv, "error(unknown-command @0) \0IAMAT"sv},
    {"a NUL alone", "\0"sv, "error(unknown-command @0) \0"sv},
    {"a byte order mark", "\xef\xbb\xbfIAMAT c +0+0 0",
     "error(unknown-command @0) \xef\xbb\xbfIAMAT"},
    {"a no-break space behind it",
     "IAMAT\xc2\xa0"
     "c +0+0 0",
     "error(unknown-command @0) IAMAT\xc2\xa0"
     "c"},
    {"a client's AT", "AT A +1 c +0+0 0", "error(unknown-command @0) AT"},
    {"a client's LINKED", "LINKED p A B 00", "error(unknown-command @0) LINKED"},
    {"an answer sent back", "? IAMAT c +0+0 0", "error(unknown-command @0) ?"},
    {"a request of another protocol", "GET / HTTP/1.1", "error(unknown-command @0) GET"},
    {"fields without a command", "c +0+0 0", "error(unknown-command @0) c"},
    {"quoted", "\"IAMAT\" c +0+0 0", "error(unknown-command @0) \"IAMAT\""},
    // The number of fields of an IAMAT.
    {"IAMAT alone", "IAMAT", "error(missing-field @5)"},
    {"IAMAT and a space", "IAMAT ", "error(missing-field @6)"},
    {"IAMAT with one field", "IAMAT c", "error(missing-field @7)"},
    {"IAMAT with two fields", "IAMAT c +0+0", "error(missing-field @12)"},
    {"IAMAT with two fields and spaces", "IAMAT c +0+0   ", "error(missing-field @15)"},
    {"IAMAT without a client", "IAMAT +0+0 0", "error(missing-field @12)"},
    {"IAMAT with two bad fields: the count comes first", "IAMAT c home",
     "error(missing-field @12)"},
    {"IAMAT with a fourth field", "IAMAT c +0+0 0 x", "error(extra-field @15) x"},
    {"IAMAT with many", "IAMAT c +0+0 0 x y z", "error(extra-field @15) x"},
    {"IAMAT with a fourth behind a bad one", "IAMAT c home 0 x", "error(extra-field @15) x"},
    {"IAMAT and a NUL field", "IAMAT c +0+0 0 \0"sv, "error(extra-field @15) \0"sv},
    {"a client id with a space", "IAMAT my phone +0+0 0", "error(extra-field @20) 0"},
    {"two commands on a line", "IAMAT c +0+0 0 IAMAT c +0+0 1", "error(extra-field @15) IAMAT"},
    {"a location in two fields", "IAMAT c +0 +0 0", "error(extra-field @14) 0"},
    // The location of an IAMAT.
    {"no location", "IAMAT c home 0", "error(bad-location @8) home"},
    {"one coordinate", "IAMAT c +34.0 0", "error(bad-location @8) +34.0"},
    {"no first sign", "IAMAT c 34-118 0", "error(bad-location @8) 34-118"},
    {"no second sign", "IAMAT c +34118 0", "error(bad-location @8) +34118"},
    {"no signs but a comma", "IAMAT c 34,-118 0", "error(bad-location @8) 34,-118"},
    {"no decimals behind the point", "IAMAT c +34.-118 0", "error(bad-location @8) +34.-118"},
    {"no decimals behind the last point", "IAMAT c +34-118. 0", "error(bad-location @8) +34-118."},
    {"no digits before the point", "IAMAT c +.5-118 0", "error(bad-location @8) +.5-118"},
    {"latitude too great", "IAMAT c +90.000001+0 0", "error(bad-location @8) +90.000001+0"},
    {"latitude too little", "IAMAT c -91+0 0", "error(bad-location @8) -91+0"},
    {"longitude too great", "IAMAT c +0+180.000001 0", "error(bad-location @8) +0+180.000001"},
    {"longitude too little", "IAMAT c +0-181 0", "error(bad-location @8) +0-181"},
    {"coordinates changed about", "IAMAT c -118+34 0", "error(bad-location @8) -118+34"},
    {"altitude", "IAMAT c +0+0+0 0", "error(bad-location @8) +0+0+0"},
    {"solidus", "IAMAT c +0+0/ 0", "error(bad-location @8) +0+0/"},
    {"exponent", "IAMAT c +1e1+0 0", "error(bad-location @8) +1e1+0"},
    {"letters", "IAMAT c +34N-118W 0", "error(bad-location @8) +34N-118W"},
    {"two signs", "IAMAT c +-34-118 0", "error(bad-location @8) +-34-118"},
    {"signs only", "IAMAT c +- 0", "error(bad-location @8) +-"},
    {"NUL in the location", "IAMAT c +0\0+0 0"sv, "error(bad-location @8) +0\0+0"sv},
    {"location and time changed about", "IAMAT c 0 +0+0", "error(bad-location @8) 0"},
    {"client and location changed about", "IAMAT +0+0 c 0", "error(bad-location @11) c"},
    {"of two bad fields the first", "IAMAT c home now", "error(bad-location @8) home"},
    {"columns count spaces", "  IAMAT   c   home   0", "error(bad-location @14) home"},
    {"columns count bytes", "IAMAT \xc3\xa9\xc3\xa9 home 0", "error(bad-location @11) home"},
    // The time of an IAMAT.
    {"a word for a time", "IAMAT c +0+0 yesterday", "error(bad-time @13) yesterday"},
    {"a sign", "IAMAT c +0+0 +1", "error(bad-time @13) +1"},
    {"a negative time", "IAMAT c +0+0 -1", "error(bad-time @13) -1"},
    {"no decimals", "IAMAT c +0+0 1.", "error(bad-time @13) 1."},
    {"no digits", "IAMAT c +0+0 .5", "error(bad-time @13) .5"},
    {"a point", "IAMAT c +0+0 .", "error(bad-time @13) ."},
    {"two points", "IAMAT c +0+0 1.2.3", "error(bad-time @13) 1.2.3"},
    {"a comma", "IAMAT c +0+0 1,5", "error(bad-time @13) 1,5"},
    {"an exponent", "IAMAT c +0+0 1e9", "error(bad-time @13) 1e9"},
    {"a colon", "IAMAT c +0+0 12:00", "error(bad-time @13) 12:00"},
    {"hexadecimal", "IAMAT c +0+0 0xff", "error(bad-time @13) 0xff"},
    {"infinity", "IAMAT c +0+0 inf", "error(bad-time @13) inf"},
    {"no number", "IAMAT c +0+0 nan", "error(bad-time @13) nan"},
    {"too late by a nanosecond", "IAMAT c +0+0 9223372036.854775808",
     "error(bad-time @13) 9223372036.854775808"},
    {"too late by 2^64", "IAMAT c +0+0 18446744073709551616",
     "error(bad-time @13) 18446744073709551616"},
    {"NUL behind the time", "IAMAT c +0+0 0\0"sv, "error(bad-time @13) 0\0"sv},
    // WHATSAT.
    {"WHATSAT alone", "WHATSAT", "error(missing-field @7)"},
    {"WHATSAT with one field", "WHATSAT c", "error(missing-field @9)"},
    {"WHATSAT with two fields", "WHATSAT c 10", "error(missing-field @12)"},
    {"WHATSAT with a fourth field", "WHATSAT c 10 5 x", "error(extra-field @15) x"},
    {"WHATSAT with a fourth behind bad ones", "WHATSAT c x y z", "error(extra-field @14) z"},
    {"radius of zero", "WHATSAT c 0 5", "error(bad-radius @10) 0"},
    {"radius of zeros", "WHATSAT c 00.000 5", "error(bad-radius @10) 00.000"},
    {"radius too great by little", "WHATSAT c 50.0000000000000000001 5",
     "error(bad-radius @10) 50.0000000000000000001"},
    {"radius too great", "WHATSAT c 51 5", "error(bad-radius @10) 51"},
    {"radius negative", "WHATSAT c -1 5", "error(bad-radius @10) -1"},
    {"radius with a plus", "WHATSAT c +1 5", "error(bad-radius @10) +1"},
    {"radius with a unit", "WHATSAT c 10km 5", "error(bad-radius @10) 10km"},
    {"radius with an exponent", "WHATSAT c 1e1 5", "error(bad-radius @10) 1e1"},
    {"radius without decimals", "WHATSAT c 10. 5", "error(bad-radius @10) 10."},
    {"radius without digits", "WHATSAT c .5 5", "error(bad-radius @10) .5"},
    {"radius that is no number", "WHATSAT c nan 5", "error(bad-radius @10) nan"},
    {"bound of zero", "WHATSAT c 10 0", "error(bad-bound @13) 0"},
    {"bound too great", "WHATSAT c 10 21", "error(bad-bound @13) 21"},
    {"bound far too great", "WHATSAT c 10 4294967301", "error(bad-bound @13) 4294967301"},
    {"bound negative", "WHATSAT c 10 -5", "error(bad-bound @13) -5"},
    {"bound with a plus", "WHATSAT c 10 +5", "error(bad-bound @13) +5"},
    {"bound with decimals", "WHATSAT c 10 5.0", "error(bad-bound @13) 5.0"},
    {"bound in letters", "WHATSAT c 10 five", "error(bad-bound @13) five"},
    {"NUL behind the bound", "WHATSAT c 10 5\0"sv, "error(bad-bound @13) 5\0"sv},
    {"of two bad fields the radius", "WHATSAT c x y", "error(bad-radius @10) x"},
    {"radius and bound changed about", "WHATSAT c 5 30", "error(bad-bound @12) 30"},
    {"a client id with a space", "WHATSAT my phone 10 5", "error(extra-field @20) 5"},
    // Lines that only links may send.
    {"a sign of life", "ALIVE", "error(unknown-command @0) ALIVE"},
    {"a line of recovery", "SYNC GO", "error(unknown-command @0) SYNC"},
    // LINK.
    {"LINK alone", "LINK", "error(missing-field @4)"},
    {"LINK with one field", "LINK p", "error(missing-field @6)"},
    {"LINK without a nonce", "LINK p A B", "error(missing-field @10)"},
    {"LINK with a fifth field", "LINK p A B 00 x", "error(extra-field @14) x"},
    {"LINK of a bad herd", "LINK p/ A B 00", "error(bad-server @5) p/"},
    {"LINK from a bad name", "LINK p A! B 00", "error(bad-server @7) A!"},
    {"LINK to a bad name", "LINK p A \xc3\xa9 00", "error(bad-server @9) \xc3\xa9"},
};

constexpr LineRow kGoodLinkLines[] = {
    {"the paper's",
     "AT Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1479413884.392014450",
     "at(Alford +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 @1479413884.392014450)"},
    {"least of everything", "AT A +0 c +0+0 0", "at(A +0 c +0+0 @0)"},
    {"negative skew", "AT A -12.5 c +0+0 0", "at(A -12.5 c +0+0 @0)"},
    {"any white space", "\vAT\tA\f-1  c\r+0+0\n0 ", "at(A -1 c +0+0 @0)"},
    {"a server of no known herd", "AT Nobody +1 c +0+0 0", "at(Nobody +1 c +0+0 @0)"},
    {"NUL in the client id", "AT A +1 \0 +0+0 0"sv, "at(A +1 \0 +0+0 @0)"sv},
    {"a sign of life", "ALIVE", "alive()"},
    {"a sign of life in white space", "\t ALIVE ", "alive()"},
    {"skew of many digits", "AT A +99999999999999999999.5 c +0+0 0",
     "at(A +99999999999999999999.5 c +0+0 @0)"},
};

constexpr LineRow kBadLinkLines[] = {
    {"empty", "", "error(missing-field @0)"},
    {"white space", " \t ", "error(missing-field @3)"},
    {"a client's report", "IAMAT c +0+0 0", "error(unknown-command @0) IAMAT"},
    {"a client's question", "WHATSAT c 1 1", "error(unknown-command @0) WHATSAT"},
    {"a link's opening", "LINK p A B 00", "error(unknown-command @0) LINK"},
    {"a link's acknowledgement", "LINKED p A B 00", "error(unknown-command @0) LINKED"},
    {"a refusal", "? AT A +1 c +0+0 0", "error(unknown-command @0) ?"},
    {"in lower case", "at A +1 c +0+0 0", "error(unknown-command @0) at"},
    {"run together", "ATA +1 c +0+0 0", "error(unknown-command @0) ATA"},
    {"NUL", "AT\0A +1 c +0+0 0"sv, "error(unknown-command @0) AT\0A"sv},
    {"a sign of life in lower case", "alive", "error(unknown-command @0) alive"},
    {"a sign of life and more", "ALIVE  A", "error(extra-field @7) A"},
    {"a line of recovery, which not every server knows", "SYNC GO",
     "error(unknown-command @0) SYNC"},
    {"AT alone", "AT", "error(missing-field @2)"},
    {"one field", "AT A", "error(missing-field @4)"},
    {"two fields", "AT A +1", "error(missing-field @7)"},
    {"three fields", "AT A +1 c", "error(missing-field @9)"},
    {"four fields", "AT A +1 c +0+0", "error(missing-field @14)"},
    {"six fields", "AT A +1 c +0+0 0 x", "error(extra-field @17) x"},
    {"no skew", "AT A c +0+0 0", "error(missing-field @13)"},
    {"bad server", "AT A/B +1 c +0+0 0", "error(bad-server @3) A/B"},
    {"server above 127", "AT \xc3\xa9 +1 c +0+0 0", "error(bad-server @3) \xc3\xa9"},
    {"server of 65 bytes",
     "AT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa +1 c +0+0 0",
     "error(bad-server @3) aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"skew without a sign", "AT A 1 c +0+0 0", "error(bad-skew @5) 1"},
    {"skew without digits", "AT A + c +0+0 0", "error(bad-skew @5) +"},
    {"skew without decimals", "AT A +1. c +0+0 0", "error(bad-skew @5) +1."},
    {"skew without integer digits", "AT A +.5 c +0+0 0", "error(bad-skew @5) +.5"},
    {"skew with two signs", "AT A ++1 c +0+0 0", "error(bad-skew @5) ++1"},
    {"skew in letters", "AT A +late c +0+0 0", "error(bad-skew @5) +late"},
    {"skew and server changed about", "AT +1 A c +0+0 0", "error(bad-server @3) +1"},
    {"bad location", "AT A +1 c home 0", "error(bad-location @10) home"},
    {"location out of range", "AT A +1 c +91+0 0", "error(bad-location @10) +91+0"},
    {"bad time", "AT A +1 c +0+0 -1", "error(bad-time @15) -1"},
    {"time out of range", "AT A +1 c +0+0 9223372037", "error(bad-time @15) 9223372037"},
    {"of four bad fields the first", "AT / 1 c home now", "error(bad-server @3) /"},
    {"the count comes first", "AT / 1 c home", "error(missing-field @13)"},
};

constexpr LineRow kAcknowledgements[] = {
    {"good", "LINKED paper Hamilton Alford 00ff", "link(paper Hamilton Alford)"},
    {"any white space", "\tLINKED  p\vB\fA\r00 ", "link(p B A)"},
    {"empty", "", "error(missing-field @0)"},
    {"the opening", "LINK p B A 00", "error(unknown-command @0) LINK"},
    {"a report", "AT A +1 c +0+0 0", "error(unknown-command @0) AT"},
    {"a refusal", "? LINK p A B 00", "error(unknown-command @0) ?"},
    {"no MAC", "LINKED p B A", "error(missing-field @12)"},
    {"more than a MAC", "LINKED p B A 00 x", "error(extra-field @16) x"},
    {"bad herd", "LINKED : B A 00", "error(bad-server @7) :"},
    {"bad name", "LINKED p B A,C 00", "error(bad-server @11) A,C"},
};

// Describes the command, or the error and its field. The field must be at the error's column.
template <class... Commands>
std::string describe(std::string_view line, const std::variant<ParseError, Commands...>& parsed) {
  const auto* const error = std::get_if<ParseError>(&parsed);
  if (error == nullptr) {
    return std::visit(
        [](const auto& command) {
          using Command = std::decay_t<decltype(command)>;
          if constexpr (std::is_same_v<Command, RecordView> || std::is_same_v<Command, Alive>) {
            return to_string(LinkCommand(command));
          } else {
            return to_string(ClientCommand(command));
          }
        },
        parsed);
  }
  std::string out = to_string(ClientCommand(*error));
  if (error->offending.empty()) return out;
  EXPECT_EQ(error->offending.data(), line.data() + error->column);
  return out + ' ' + std::string(error->offending);
}

TEST(ParseClientLine, Good) {
  for (const auto& [name, line, want] : kGoodClientLines) {
    SCOPED_TRACE(name);
    EXPECT_EQ(describe(line, parse_client_line(line)), want);
  }
}

TEST(ParseClientLine, Bad) {
  for (const auto& [name, line, want] : kBadClientLines) {
    SCOPED_TRACE(name);
    EXPECT_EQ(describe(line, parse_client_line(line)), want);
  }
}

TEST(ParseLinkLine, Good) {
  for (const auto& [name, line, want] : kGoodLinkLines) {
    SCOPED_TRACE(name);
    EXPECT_EQ(describe(line, parse_link_line(line)), want);
  }
}

TEST(ParseLinkLine, Bad) {
  for (const auto& [name, line, want] : kBadLinkLines) {
    SCOPED_TRACE(name);
    EXPECT_EQ(describe(line, parse_link_line(line)), want);
  }
}

TEST(ParseAcknowledgement, Table) {
  for (const auto& [name, line, want] : kAcknowledgements) {
    SCOPED_TRACE(name);
    EXPECT_EQ(describe(line, parse_acknowledgement(line)), want);
  }
}

TEST(Parse, OfMalformedLinesThereAreEnough) {
  EXPECT_GE(std::size(kBadClientLines), 100U);
  EXPECT_GE(std::size(kBadLinkLines), 30U);
}

// Clients and links do not understand each other's commands.
TEST(Parse, ClientsAndLinksSpeakDifferently) {
  for (const LineRow& row : kGoodClientLines) {
    EXPECT_TRUE(std::holds_alternative<ParseError>(parse_link_line(row.line))) << row.name;
  }
  for (const LineRow& row : kGoodLinkLines) {
    EXPECT_TRUE(std::holds_alternative<ParseError>(parse_client_line(row.line))) << row.name;
  }
}

// More white space, at the ends or between the fields, changes nothing.
TEST(Parse, WhiteSpaceOfEveryKindSeparates) {
  const auto respaced = [](std::string_view line, std::string_view space) {
    std::string out(space);
    for (const char c : line) c == ' ' ? out += space : out += c;
    return out.append(space);
  };
  for (const std::string_view space : {" "sv, "\t"sv, "\r"sv, "\n"sv, "\f"sv, "\v"sv, " \t "sv}) {
    for (const std::string_view line : {"IAMAT c +0+0 0"sv, "WHATSAT c 1 1"sv, "LINK p A B 00"sv}) {
      const std::string spaced = respaced(line, space);
      EXPECT_EQ(to_string(parse_client_line(spaced)), to_string(parse_client_line(line)));
      EXPECT_EQ(parse_client_line(spaced).index(), parse_client_line(line).index());
    }
    const std::string_view at = "AT A +1 c +0+0 0";
    EXPECT_EQ(to_string(parse_link_line(respaced(at, space))), to_string(parse_link_line(at)));
  }
}

bool is_part_of(std::string_view field, std::string_view line) {
  const std::less_equal<const char*> before;
  return !field.empty() && before(line.data(), field.data()) &&
         before(field.data() + field.size(), line.data() + line.size());
}

TEST(Parse, FieldsAreViewsOfTheLine) {
  const std::string report = " IAMAT kiwi  +34-118 1.5 ";
  const auto iamat = std::get<Iamat>(parse_client_line(report));
  for (const auto field : {iamat.client, iamat.location, iamat.time}) {
    EXPECT_TRUE(is_part_of(field, report)) << field;
  }
  EXPECT_EQ(iamat.time_ns, 1'500'000'000);

  const std::string question = "WHATSAT kiwi 2.5 7";
  const auto whatsat = std::get<Whatsat>(parse_client_line(question));
  EXPECT_TRUE(is_part_of(whatsat.client, question));
  EXPECT_TRUE(is_part_of(whatsat.radius, question));
  EXPECT_EQ(whatsat.radius_km, 2.5);
  EXPECT_EQ(whatsat.bound, 7);

  const std::string opening = "LINK p A B 00ff";
  const auto link = std::get<Handshake>(parse_client_line(opening));
  for (const auto field : {link.herd, link.from, link.to, link.token}) {
    EXPECT_TRUE(is_part_of(field, opening)) << field;
  }
  EXPECT_EQ(link.token, "00ff");

  const std::string relayed = "  AT A +1 c +0+0 1.000000002 ";
  const auto at = std::get<RecordView>(parse_link_line(relayed));
  for (const auto field : {at.line, at.server, at.skew, at.client, at.location, at.time}) {
    EXPECT_TRUE(is_part_of(field, relayed)) << field;
  }
  EXPECT_EQ(at.line, relayed) << "it is relayed byte for byte";
  EXPECT_EQ(at.time_ns, 1'000'000'002);
}

TEST(ParseError, ForLogs) {
  EXPECT_EQ(to_string(ParseError{ParseCode::kBadTime, 45, "yesterday"}),
            "bad-time @45 'yesterday'");
  EXPECT_EQ(to_string(ParseError{ParseCode::kMissingField, 5, {}}), "missing-field @5");
  EXPECT_EQ(to_string(ParseCode::kUnknownClient), "unknown-client");
  EXPECT_EQ(to_string(ParseCode::kBadHandshake), "bad-handshake");
  EXPECT_EQ(to_string(ParseCode::kUnknownServer), "unknown-server");
  EXPECT_EQ(to_string(ParseCode::kFull), "store-full");
  EXPECT_EQ(to_string(ParseCode::kTooLong), "too-long");
  EXPECT_EQ(to_string(ParseCode::kOutOfPlace), "out-of-place");
}

// Fields that are valid somewhere, and some that are valid nowhere.
constexpr std::string_view kSoup[] = {
    "IAMAT", "WHATSAT", "AT",   "LINK",    "LINKED", "ALIVE", "?",     "c",
    "kiwi",  "A",       "B",    "+34-118", "-0+0",   "+90+0", "+91+0", "+1",
    "-0.5",  "0",       "1",    "1.5",     "20",     "50",    "50.1",  "1.",
    ".5",    "00ff",    "home", "\0"sv,    "\xff",   "+",     "1e9",   "9999999999999999999999",
};
constexpr std::string_view kSpaces[] = {" ", " ", " ", "  ", "\t", "\r", "\n", "\v\f", ""};

template <std::size_t Size>
std::string_view pick(Random& random, const std::string_view (&from)[Size]) {
  return from[random.below(Size)];
}

// Returns a line that often has the shape of a command, and otherwise any fields.
std::string random_line(Random& random) {
  static constexpr std::string_view kShapes[] = {"IAMAT c +34-118 1.5", "WHATSAT kiwi 50 20",
                                                 "AT A -0.5 c -0+0 0", "LINK p A B 00ff"};
  std::string line(pick(random, kSpaces));
  if (random.below(2) == 0) {
    for (const char c : pick(random, kShapes)) {
      const std::uint64_t fate = random.below(64);
      if (fate == 0) continue;
      if (fate == 1) {
        line += static_cast<char>(random.below(256));
      } else if (c == ' ') {
        line += ' ';
        line += pick(random, kSpaces);
      } else {
        line += c;
      }
    }
    return line;
  }
  for (std::uint64_t fields = random.below(8); fields > 0; --fields) {
    line += pick(random, kSoup);
    line += pick(random, kSpaces);
  }
  return line;
}

// Writes a command with as few bytes as possible.
struct Plain {
  std::string operator()(const ParseError&) const { return {}; }
  std::string operator()(const Iamat& c) const {
    return "IAMAT " + std::string(c.client) + ' ' + std::string(c.location) + ' ' +
           std::string(c.time);
  }
  std::string operator()(const Whatsat& c) const {
    return "WHATSAT " + std::string(c.client) + ' ' + std::string(c.radius) + ' ' +
           std::to_string(c.bound);
  }
  std::string operator()(const Handshake& c) const { return format_handshake("LINK", c); }
  std::string operator()(const Alive&) const { return "ALIVE"; }
  std::string operator()(const RecordView& c) const {
    std::string out = "AT";
    for (const auto field : {c.server, c.skew, c.client, c.location, c.time}) {
      out.append(" ").append(field);
    }
    return out;
  }
};

TEST(Parse, WhatIsAcceptedReadsTheSameWhenWritten) {
  Random random(1, "parse/soup");
  int accepted = 0, refused = 0;
  for (int i = 0; i < 40'000; ++i) {
    const std::string line = random_line(random);
    const ClientCommand client = parse_client_line(line);
    const LinkCommand link = parse_link_line(line);
    describe(line, client);
    describe(line, link);
    if (const std::string plain = std::visit(Plain{}, client); !plain.empty()) {
      ++accepted;
      ASSERT_EQ(to_string(parse_client_line(plain)), to_string(client)) << line;
      ASSERT_EQ(std::visit(Plain{}, parse_client_line(plain)), plain);
    } else {
      const auto& error = std::get<ParseError>(client);
      ASSERT_LE(error.column + error.offending.size(), line.size());
      ++refused;
    }
    if (const std::string plain = std::visit(Plain{}, link); !plain.empty()) {
      ++accepted;
      ASSERT_EQ(to_string(parse_link_line(plain)), to_string(link)) << line;
      if (plain != "ALIVE") {
        ASSERT_EQ(std::get<RecordView>(parse_link_line(plain)).line, plain);
      }
    }
  }
  EXPECT_GT(accepted, 1000) << "the soup has to be thick enough";
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace herd
