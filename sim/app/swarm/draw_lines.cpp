#include "sim/app/swarm/draw_lines.h"

#include <fmt/format.h>

#include <array>

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
// Invalid and unusual lines; {} is replaced by the subject. There is no LINK among them, because a
// LINK that fails closes the connection and loses every line sent after it.
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
    "LINKED h0 S1 S2 00",
    "ALIVE",
    "SYNC HOLD 1 2 3",
    "? IAMAT",
    "IAMAT caf\xc3\xa9 +34.1-118.4 1",
};

}  // namespace

std::string draw_subject(Dice& dice, const std::vector<std::string>& clients) {
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
  if (roll <= 67) return std::string(static_cast<std::size_t>(dice.between(8'190, 8'200)), 'x');
  return fmt::format(fmt::runtime(kOddLines[dice.place_in(kOddLines.size())]), subject);
}

}  // namespace sim
