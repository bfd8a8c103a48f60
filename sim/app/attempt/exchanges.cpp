#include "sim/app/attempt/exchanges.h"

#include <cstddef>

#include "sim/base/text/numbers.h"

namespace sim {
namespace {

using How = Exchange::How;

constexpr std::string_view kEcho =
    "a bad line is not answered with `? ` and the line as it was sent";
constexpr std::string_view kFields =
    "an IAMAT is not answered with its own fields as they were sent";
constexpr std::string_view kStale = "an update that is not newer took the place of the newer one";
constexpr std::string_view kKnownReport = "AT {server} {skew} {c} +2+2 20";

// A bad line that changes nothing.
Exchange bad(std::string_view sent, std::string_view expected) {
  return {"bad-line", How::kLines, sent, expected, kEcho, {}};
}

std::vector<Exchange> good_lines() {
  return {
      {"iamat", How::kLines, "IAMAT {c} +34.068930-118.445127 1479413884.392014450\n",
       "AT {server} {skew9} {c} +34.068930-118.445127 1479413884.392014450\n",
       "an IAMAT is not answered with AT, the server's name, the difference of the clocks with its "
       "sign and nine decimals, and the three fields",
       "AT {server} {skew} {c} +34.068930-118.445127 1479413884.392014450"},
      {"fields-as-sent", How::kLines, "IAMAT {c} +4-8 007.50\n",
       "AT {server} {skew} {c} +4-8 007.50\n", kFields, "AT {server} {skew} {c} +4-8 007.50"},
      {"fields-as-sent", How::kLines, "IAMAT {c} -90.000+180.000 0\n",
       "AT {server} {skew} {c} -90.000+180.000 0\n", kFields},
      {"fields-as-sent", How::kLines, "IAMAT {c} +34-118 1.9999999999\n",
       "AT {server} {skew} {c} +34-118 1.9999999999\n", kFields},
      {"white-space", How::kLines, "  IAMAT \t{c}   +34-118\v5 \n",
       "AT {server} {skew} {c} +34-118 5\n",
       "fields may be separated by any white space, and the line may begin and end with it"},
      {"client-ids", How::kLines, "IAMAT {c}\xff\xc3\x28 +1+1 1\n",
       "AT {server} {skew} {c}\xff\xc3\x28 +1+1 1\n", "a client's id may have any bytes"},
  };
}

std::vector<Exchange> bad_lines() {
  return {
      bad("\n", "? \n"),
      bad("PLEASE there\n", "? PLEASE there\n"),
      bad("iamat {c} +34-118 0\n", "? iamat {c} +34-118 0\n"),
      bad("IAMAT\n", "? IAMAT\n"),
      bad("IAMAT {c} +34-118\n", "? IAMAT {c} +34-118\n"),
      bad("IAMAT {c} +34-118 0 0\n", "? IAMAT {c} +34-118 0 0\n"),
      bad("IAMAT {c} home 0\n", "? IAMAT {c} home 0\n"),
      bad("IAMAT {c} 34-118 0\n", "? IAMAT {c} 34-118 0\n"),
      bad("IAMAT {c} +34 0\n", "? IAMAT {c} +34 0\n"),
      bad("IAMAT {c} +34.-118 0\n", "? IAMAT {c} +34.-118 0\n"),
      bad("IAMAT {c} +91-118 0\n", "? IAMAT {c} +91-118 0\n"),
      bad("IAMAT {c} +0+181 0\n", "? IAMAT {c} +0+181 0\n"),
      bad("IAMAT {c} +nan-118 0\n", "? IAMAT {c} +nan-118 0\n"),
      bad("IAMAT {c} +34-118 yesterday\n", "? IAMAT {c} +34-118 yesterday\n"),
      bad("IAMAT {c} +34-118 -1\n", "? IAMAT {c} +34-118 -1\n"),
      bad("IAMAT {c} +34-118 1e9\n", "? IAMAT {c} +34-118 1e9\n"),
      bad("IAMAT {c} +34-118 NaN\n", "? IAMAT {c} +34-118 NaN\n"),
      bad("IAMAT {c} +34-118 9223372037\n", "? IAMAT {c} +34-118 9223372037\n"),
      bad("WHATSAT\n", "? WHATSAT\n"),
      bad("WHATSAT {c} 10 5\n", "? WHATSAT {c} 10 5\n"),
      bad("  IAMAT   {c}\thome  0  \n", "?   IAMAT   {c}\thome  0  \n"),
      {"bad-line-changes", How::kLines, "IAMAT {c} +91-118 5\n", "? IAMAT {c} +91-118 5\n",
       "a bad line has changed something", "? WHATSAT {c} 10 1"},
      {"after-bad-line", How::kLines, "PLEASE there\nIAMAT {c} +1+1 5\n",
       "? PLEASE there\nAT {server} {skew} {c} +1+1 5\n",
       "a connection does not go on after a bad line"},
  };
}

// A WHATSAT with a bad field, for a client that the server knows.
Exchange bad_query(std::string_view sent, std::string_view expected) {
  return {"bad-whatsat",
          How::kLines,
          sent,
          expected,
          "a WHATSAT with a bad radius or bound is not answered with `? ` and the line",
          {}};
}

std::vector<Exchange> bad_queries() {
  return {
      bad_query("IAMAT {c} +2+2 20\nWHATSAT {c} 0 5\n",
                "AT {server} {skew} {c} +2+2 20\n? WHATSAT {c} 0 5\n"),
      bad_query("IAMAT {c} +2+2 20\nWHATSAT {c} 51 5\n",
                "AT {server} {skew} {c} +2+2 20\n? WHATSAT {c} 51 5\n"),
      bad_query("IAMAT {c} +2+2 20\nWHATSAT {c} ten 5\n",
                "AT {server} {skew} {c} +2+2 20\n? WHATSAT {c} ten 5\n"),
      bad_query("IAMAT {c} +2+2 20\nWHATSAT {c} 10 0\n",
                "AT {server} {skew} {c} +2+2 20\n? WHATSAT {c} 10 0\n"),
      bad_query("IAMAT {c} +2+2 20\nWHATSAT {c} 10 21\n",
                "AT {server} {skew} {c} +2+2 20\n? WHATSAT {c} 10 21\n"),
      bad_query("IAMAT {c} +2+2 20\nWHATSAT {c} 10 5.0\n",
                "AT {server} {skew} {c} +2+2 20\n? WHATSAT {c} 10 5.0\n"),
      bad_query("IAMAT {c} +2+2 20\nWHATSAT {c} 10\n",
                "AT {server} {skew} {c} +2+2 20\n? WHATSAT {c} 10\n"),
  };
}

std::vector<Exchange> newest_wins() {
  return {
      {"newest-wins", How::kLines, "IAMAT {c} +2+2 20\nIAMAT {c} +9+9 10\n",
       "AT {server} {skew} {c} +2+2 20\nAT {server} {skew} {c} +9+9 10\n", kStale, kKnownReport},
      {"newest-wins", How::kLines, "IAMAT {c} +9+9 10\nIAMAT {c} +2+2 20\n",
       "AT {server} {skew} {c} +9+9 10\nAT {server} {skew} {c} +2+2 20\n",
       "a newer update has not taken the place of the older one", kKnownReport},
      {"newest-wins", How::kLines,
       "IAMAT {c} +1+1 1479413884.392014450\nIAMAT {c} +2+2 1479413884.392014451\nIAMAT {c} +9+9 "
       "1479413884.392014449\n",
       "AT {server} {skew} {c} +1+1 1479413884.392014450\nAT {server} {skew} {c} +2+2 "
       "1479413884.392014451\nAT {server} {skew} {c} +9+9 1479413884.392014449\n",
       "times are compared to the nanosecond, as whole numbers",
       "AT {server} {skew} {c} +2+2 1479413884.392014451"},
      {"newest-wins", How::kLines, "IAMAT {c} +2+2 20\nIAMAT {c} +1+1 20\n",
       "AT {server} {skew} {c} +2+2 20\nAT {server} {skew} {c} +1+1 20\n",
       "of two updates of one time the one with the greater location, as bytes, is the newer",
       kKnownReport},
  };
}

std::vector<Exchange> connections() {
  return {
      {"second-command", How::kLines, "IAMAT {c} +1+1 1\nIAMAT {c} +2+2 20\nPLEASE\n",
       "AT {server} {skew} {c} +1+1 1\nAT {server} {skew} {c} +2+2 20\n? PLEASE\n",
       "a connection must stay open and answer every command, not only the first"},
      {"endings", How::kBytes, "IAMAT {c} +1+1 1\r\nPLEASE\r\n",
       "AT {server} {skew} {c} +1+1 1\r\n? PLEASE\r\n",
       "each answer must have the ending of the line that it answers, here CR LF"},
      {"endings", How::kBytes, "IAMAT {c} +1+1 1\nPLEASE\n",
       "AT {server} {skew} {c} +1+1 1\n? PLEASE\n",
       "each answer must have the ending of the line that it answers, here LF"},
      {"pipelining", How::kBytes,
       "IAMAT {c} +1+1 1\nPLEASE 1\nIAMAT {c} +1+1 2\nPLEASE 2\nIAMAT {c} +2+2 20\n",
       "AT {server} {skew} {c} +1+1 1\n? PLEASE 1\nAT {server} {skew} {c} +1+1 2\n? PLEASE 2\nAT "
       "{server} {skew} {c} +2+2 20\n",
       "commands that come at once must each be answered, once, in their order", kKnownReport},
      {"pieces", How::kPieces, "IAMAT {c} +1+1 1\nPLEASE there\nIAMAT {c} +2+2 20\n",
       "AT {server} {skew} {c} +1+1 1\n? PLEASE there\nAT {server} {skew} {c} +2+2 20\n",
       "a command may come in pieces"},
      {"unended-line", How::kThenEnd, "PLEASE\nIAMAT {c} +1+1 1", "? PLEASE\n",
       "text without an ending is dropped when the connection closes", "? WHATSAT {c} 10 1"},
      {"long-line", How::kBytes, "{x*8192}\nIAMAT {c} +1+1 1\n",
       "? {x*8192}\nAT {server} {skew} {c} +1+1 1\n", "a line may have 8,192 bytes"},
      {"long-line", How::kThenClosed, "PLEASE\n{x*8193}\n", "? PLEASE\n? {x*64}\n",
       "a line of more than 8,192 bytes is answered with `? ` and its first 64 bytes, and then the "
       "connection is closed"},
  };
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

// Returns the size of the difference of clocks that a text begins with; 0 if it begins with none.
// `exact`: it must have a sign and nine decimals.
std::size_t skew_size(std::string_view text, bool exact) {
  constexpr std::size_t kDecimals = 9;
  const bool has_sign = text.starts_with('+') || text.starts_with('-');
  const std::size_t begin = has_sign ? 1 : 0;
  std::size_t end = skip_digits(text, begin);
  if (end == begin) return 0;
  std::size_t decimals = 0;
  if (end < text.size() && text[end] == '.') {
    const std::size_t point = end;
    end = skip_digits(text, point + 1);
    decimals = end - point - 1;
  }
  return exact && (!has_sign || decimals != kDecimals) ? 0 : end;
}

}  // namespace

const std::vector<Exchange>& exchanges() {
  static const std::vector<Exchange> kAll = [] {
    std::vector<Exchange> all;
    for (const auto& part :
         {good_lines(), bad_lines(), bad_queries(), newest_wins(), connections()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return kAll;
}

std::string filled_in(std::string_view text, std::string_view client, std::string_view server) {
  constexpr std::string_view kLetters = "{x*";
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('}');
    if (text.starts_with("{c}")) {
      out += client;
    } else if (text.starts_with("{server}")) {
      out += server;
    } else if (text.starts_with(kLetters)) {
      const auto count =
          read_whole<std::size_t>(text.substr(kLetters.size(), end - kLetters.size()));
      out.append(count.value_or(0), 'x');
    } else {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(end + 1);
  }
  return out;
}

bool fits(std::string_view expected, std::string_view came) {
  constexpr std::string_view kSkew = "{skew";
  for (;;) {
    const std::size_t at = expected.find(kSkew);
    if (at == expected.npos) return expected == came;
    if (!came.starts_with(expected.substr(0, at))) return false;
    came.remove_prefix(at);
    expected.remove_prefix(at);
    const std::size_t size = skew_size(came, expected.starts_with("{skew9}"));
    expected.remove_prefix(expected.find('}') + 1);
    if (size == 0) return false;
    came.remove_prefix(size);
  }
}

}  // namespace sim
