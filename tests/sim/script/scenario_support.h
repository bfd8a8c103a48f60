// Helpers for the tests of the scenario language: they parse a text into a scenario or into errors.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "sim/script/read/load_scenario.h"

namespace sim::test {

// The paper's five servers, each with a location.
inline constexpr std::string_view kPlacedServers = R"([
    {"name": "Alford", "at": "+34.068930-118.445127"},
    {"name": "Ball", "at": "+34.019454-118.491191"},
    {"name": "Hamilton", "at": "+34.092809-118.328661"},
    {"name": "Holiday", "at": "+34.052234-118.243685"},
    {"name": "Welsh", "at": "+33.941589-118.408530"}])";

// Returns the scenario of a valid text.
inline Scenario parse(const std::string& text, const LoadOptions& options = {}) {
  auto scenario = parse_scenario("t.json", text, options);
  if (scenario.ok()) return std::move(scenario).value();
  for (const std::string& error : scenario.error()) ADD_FAILURE() << error;
  return {};
}

inline std::string text_of(std::string_view herd, std::string_view members) {
  return R"({"name": "t", "duration": "10s", "herds": [{"name": "a")" + std::string(herd) + "}]" +
         std::string(members) + "}";
}

// Returns a herd of the paper with additional keys.
inline HerdSpec herd_with(std::string_view keys) {
  const Scenario scenario = parse(text_of(", " + std::string(keys), ""));
  return scenario.herds.empty() ? HerdSpec{} : scenario.herds[0];
}

// Returns the first client group of a herd whose servers all have locations.
inline ClientGroup client_with(std::string_view keys) {
  const Scenario scenario =
      parse(text_of(R"(, "links": "paper", "servers": )" + std::string(kPlacedServers),
                    R"(, "clients": [{"id": "c", )" + std::string(keys) + "}]"));
  return scenario.clients.empty() ? ClientGroup{} : scenario.clients[0];
}

// Returns the single event of a script for the paper's herd.
inline Event event_with(std::string_view keys) {
  const Scenario scenario =
      parse(text_of("", R"(, "events": [{"at": "1s", )" + std::string(keys) + "}]"));
  return scenario.events.empty() ? Event{} : scenario.events[0];
}

// Returns the single error of a text, from its path on; all errors if there are several.
inline std::string error_of(const std::string& text) {
  const auto scenario = parse_scenario("t.json", text);
  if (scenario.ok()) return "no errors";
  if (scenario.error().size() != 1) return testing::PrintToString(scenario.error());
  const std::string& error = scenario.error()[0];
  return error.substr(error.find(' ') + 1);
}

}  // namespace sim::test
