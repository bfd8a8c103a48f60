#include "sim/measure/results/expectations.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <variant>

#include "sim/measure/figures/summary_cells.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr double kTolerance = 1e-9;

// Returns the cell of a herd's summary; an unknown one if the herd or the metric does not exist.
Cell find_cell(const std::vector<HerdResults>& herds, std::string_view herd,
               std::string_view metric) {
  const auto of =
      std::find_if(herds.begin(), herds.end(), [&](const auto& h) { return h.herd == herd; });
  const auto at = find_column(metric);
  return of != herds.end() && at ? cell_of(*of, *at) : Cell();
}

bool equal(const Cell& cell, double figure, double wanted) {
  if (std::holds_alternative<std::int64_t>(cell)) return figure == wanted;
  return std::abs(figure - wanted) <= kTolerance * std::max(std::abs(figure), std::abs(wanted));
}

ExpectationResult check(const Expectation& expectation, const std::string& herd,
                        const std::vector<HerdResults>& herds) {
  ExpectationResult result{
      herd, expectation.metric, expectation.equals, expectation.min, expectation.max, std::nullopt,
      false};
  const Cell cell = find_cell(herds, herd, expectation.metric);
  result.figure = figure_of(cell);
  if (!result.figure) return result;
  const double figure = *result.figure;
  result.held = (!expectation.equals || equal(cell, figure, *expectation.equals)) &&
                (!expectation.min || figure >= *expectation.min) &&
                (!expectation.max || figure <= *expectation.max);
  return result;
}

}  // namespace

std::vector<ExpectationResult> check_expectations(const Scenario& scenario,
                                                  const std::vector<HerdResults>& herds) {
  std::vector<ExpectationResult> results;
  for (const Expectation& expectation : scenario.expect) {
    if (expectation.herd == "*") {
      for (const HerdSpec& herd : scenario.herds) {
        results.push_back(check(expectation, herd.name, herds));
      }
    } else {
      results.push_back(check(expectation, expectation.herd, herds));
    }
  }
  return results;
}

}  // namespace sim
