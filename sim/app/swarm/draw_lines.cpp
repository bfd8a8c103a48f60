#include "sim/app/swarm/draw_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/app/swarm/draw_values.h"

namespace sim {
namespace {

// Some of these are the same time written differently. If times are equal, servers compare the
// texts of reports.
constexpr std::array kStamps = {"0",
                                "1",
                                "1.0",
                                "1.000000000",
                                "1.0000000004",
                                "0.999999999",
                                "1479413884.392014450",
                                "1479413884.39201445",
                                "1479413885",
                                "9223372036.854775807",
                                "9223372036.85477580799"};
constexpr std::array kPlaces = {"+34.068930-118.445127",
                                "+34.06893-118.445127",
                                "+34.1-118.4",
                                "+34.10-118.40",
                                "-90-180",
                                "+90+180",
                                "+00.0+000.0"};
// Invalid and unusual lines; {} is replaced by the subject. A LINK that is well-formed closes its
// connection if it comes first. None of them has the MAC of a herd.
constexpr std::array kOddLines = {
    "",
    " ",
    "IAMAT",
    "IAMAT {}",
    "IAMAT {} +34.068930-118.445127",
    "IAMAT {} +34.068930-118.445127 noon",
    "IAMAT {} +34.068930-118.445127 9223372036.854775808",
    "IAMAT {} +34.068930-118.445127 -1",
    "IAMAT {} +91-118 1",
    "IAMAT {} 34.068930-118.445127 1",
    "IAMAT {} +34.-118 1",
    "IAMAT {} +34.1-118.4 1 more",
    "iamat {} +34.1-118.4 1",
    "\t IAMAT \t {} +34.1-118.4\v1479413886 \f",
    "WHATSAT",
    "WHATSAT {} 10",
    "WHATSAT {} 0 5",
    "WHATSAT {} 51 5",
    "WHATSAT {} 10 21",
    "WHATSAT {} 10 0",
    "WHATSAT nobody 10 5",
    "AT S1 +0.000000001 {} +34.1-118.4 9000000000",
    "LINK",
    "LINK h0 S2 S1",
    "LINK h0 S2 S1 00",
    "LINK h0 S1 S2 00",
    " LINK \t h0 S2 S1 {} ",
    "LINK h0 S2 S1 00 more",
    "LINK h/0 S2 S1 00",
    "LINKED h0 S1 S2 00",
    "ALIVE",
    "SYNC",
    "SYNC GO",
    "SYNC MORE",
    "SYNC END 0",
    "SYNC HOLD 1 2 3",
    "SYNC HOLD 0 0000000000000000",
    "SYNC BEGIN 1 0123456789abcdef",
    "SYNC LIST *",
    "SYNC WANT 0123456789abcdef",
    "SYNC AT S1 +0.000000001 {} +34.1-118.4 9000000000",
    "? IAMAT",
    "IAMAT caf\xc3\xa9 +34.1-118.4 1",
};

// Returns a line that is about as long as a line may be, or much longer.
std::string draw_long_line(Dice& dice, const std::string& subject) {
  const bool much = dice.chance(30);
  const auto size = static_cast<std::size_t>(dice.between(8'150, much ? 40'000 : 8'200));
  const std::string begin =
      dice.one_of<std::string>({"", "IAMAT " + subject + " +34.1-118.4 1.",
                                "IAMAT " + subject + " +34.1-118.", "WHATSAT ", "LINK h0 S2 S1 "});
  std::string line = begin + std::string(std::max(begin.size(), size) - begin.size(), '0');
  if (begin.ends_with("118.")) line += " 1";
  return line;
}

}  // namespace

std::string draw_subject(Dice& dice, const std::vector<std::string>& clients, bool long_ones) {
  if (long_ones && dice.chance(4)) return draw_long_text(dice);
  if (dice.chance(40)) return dice.one_of(clients);
  return fmt::format("told-{}", dice.between(0, 2));
}

std::string draw_stamp(Dice& dice) { return kStamps[dice.place_in(kStamps.size())]; }

std::string draw_report(Dice& dice, const std::string& subject, const std::string& stamp) {
  return fmt::format("IAMAT {} {} {}", subject, kPlaces[dice.place_in(kPlaces.size())], stamp);
}

std::string draw_line(Dice& dice, const std::string& subject,
                      const std::vector<std::string>& clients) {
  const auto roll = dice.between(1, 100);
  if (roll <= 55) return draw_report(dice, subject, draw_stamp(dice));
  if (roll <= 65) {
    const std::string& about = dice.one_of(clients);
    const char* const radius = dice.one_of({"10", "0.5", "50.0"});
    return fmt::format("WHATSAT {} {} {}", about, radius, dice.one_of({1, 5, 20}));
  }
  if (roll <= 70) return draw_long_line(dice, subject);
  return fmt::format(fmt::runtime(kOddLines[dice.place_in(kOddLines.size())]), subject);
}

}  // namespace sim
