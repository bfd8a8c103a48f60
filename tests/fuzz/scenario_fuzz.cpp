// A scenario file, with a sweep or without: it is refused in words, or accepted, and then what was
// accepted is accepted again. Whether its lists are read as text makes no difference.
#include <string>

#include "sim/app/sweep/load_sweep.h"
#include "sim/script/read/load_scenario.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {
namespace {

// Names in the file are looked for in a folder that does not exist.
const std::string kFile = "/nonexistent/fuzz.json";

void check_errors(const sim::ScenarioErrors& errors) {
  require(!errors.empty(), "a refusal has a reason");
  for (const std::string& each : errors) {
    require(each.starts_with(kFile), "an error names its file", each);
    require(each.find('\n') == std::string::npos, "an error is one line", each);
  }
}

void check_sweep(const sim::ScenarioDocument& document) {
  const auto sweep = sim::to_sweep(document);
  if (!sweep) return check_errors(sweep.error());
  require(sweep->points() > 0, "a sweep has points");
  for (const std::size_t point : {std::size_t{0}, sweep->points() - 1}) {
    require(sim::point_scenario(*sweep, point).ok(), "a point of a valid sweep is valid",
            sweep->describe(point));
  }
}

// Holds a document whose lists may be left in its text against the whole tree of the text.
void check_whole(const sim::ScenarioDocument& document,
                 const herd::Result<sim::Scenario, sim::ScenarioErrors>& scenario) {
  const auto whole = sim::parse_whole_document(kFile, document.text, {});
  const auto same = whole ? sim::to_scenario(*whole) : whole.error();
  require(same.ok() == scenario.ok(), "lists that are read as text change no verdict");
  if (!scenario) {
    require(same.error() == scenario.error(), "lists that are read as text change no error");
  } else {
    require_equal(same->as_run, scenario->as_run, "lists that are read as text change nothing");
  }
}

void check_scenario(const sim::ScenarioDocument& document) {
  const auto scenario = sim::to_scenario(document);
  check_whole(document, scenario);
  if (!scenario) return check_errors(scenario.error());
  require(!scenario->herds.empty(), "a scenario has a herd");
  const auto again = sim::parse_scenario(kFile, scenario->as_run);
  require(again.ok(), "what was run is a scenario", again ? "" : again.error()[0]);
  require_equal(again->as_run, scenario->as_run, "what was run is the same scenario");
}

}  // namespace

void one_input(std::string_view input) {
  const auto document = sim::parse_document(kFile, std::string(input), {});
  if (!document) return check_errors(document.error());
  document->has_sweep() ? check_sweep(*document) : check_scenario(*document);
}

}  // namespace herd::fuzz
