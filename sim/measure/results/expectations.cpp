#include "sim/measure/results/expectations.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <variant>

#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr double kTolerance = 1e-9;

// The cell of a herd's summary; null where the herd or the column is not there.
const Cell* find_cell(const std::vector<HerdResults>& herds, std::string_view herd,
                      std::string_view metric) {
  const auto of =
      std::find_if(herds.begin(), herds.end(), [&](const auto& h) { return h.herd == herd; });
  const auto column = std::find_if(kSummaryColumns.begin(), kSummaryColumns.end(),
                                   [&](const auto& c) { return c.name == metric; });
  const auto at = static_cast<std::size_t>(column - kSummaryColumns.begin());
  if (of == herds.end() || at >= of->summary.size()) return nullptr;
  return &of->summary[at];
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
  const Cell* cell = find_cell(herds, herd, expectation.metric);
  if (cell == nullptr) return result;
  result.figure = figure_of(*cell);
  if (!result.figure) return result;
  const double figure = *result.figure;
  result.held = (!expectation.equals || equal(*cell, figure, *expectation.equals)) &&
                (!expectation.min || figure >= *expectation.min) &&
                (!expectation.max || figure <= *expectation.max);
  return result;
}

}  // namespace

std::optional<double> figure_of(const Cell& cell) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*count);
  if (const auto* latency = std::get_if<Latency>(&cell)) {
    return static_cast<double>(latency->value.count()) / 1000;
  }
  const auto* value = std::get_if<double>(&cell);
  if (value != nullptr && std::isfinite(*value)) return *value;
  return std::nullopt;
}

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
