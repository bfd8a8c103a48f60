#include "sim/script/read/read_expect.h"

#include <algorithm>

#include "sim/script/read/json_reader.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

void read_metric(const JsonNode& node, Expectation& expectation, Problems& problems) {
  const auto metric = read_text(node, problems, "a numeric column of summary.csv");
  if (!metric) return;
  expectation.metric = *metric;
  std::vector<std::string_view> numeric;
  for (const SummaryColumn& column : kSummaryColumns) {
    if (column.numeric()) numeric.push_back(column.name);
  }
  if (std::find(numeric.begin(), numeric.end(), *metric) != numeric.end()) return;
  const auto suggestion = suggest(*metric, numeric);
  problems.add(node.path, quoted(*metric) + " is not a metric",
               suggestion ? did_you_mean(*suggestion) : "a numeric column of summary.csv");
}

Expectation read_one(const JsonNode& node, const Names& names, Problems& problems) {
  Expectation expectation;
  ObjectReader object(node, problems,
                      R"(an object with "herd", "metric", and "equals", "min" or "max")");
  if (!object.is_object()) return expectation;
  constexpr std::string_view kHerdRight = R"(a herd's name, or "*" for each)";
  if (const auto herd = object.required("herd", kHerdRight)) {
    expectation.herd = read_text(*herd, problems, kHerdRight).value_or("*");
    if (expectation.herd != "*") names.find_herd(*herd, expectation.herd, problems);
  }
  if (const auto metric = object.required("metric", "a numeric column of summary.csv")) {
    read_metric(*metric, expectation, problems);
  }
  const auto equals = object.optional("equals");
  const auto min = object.optional("min");
  const auto max = object.optional("max");
  object.finish();
  if (!equals && !min && !max) {
    problems.add(node.path, "expects nothing", R"("equals", "min" or "max")");
  }
  if (equals) expectation.equals = read_number(*equals, problems);
  if (min) expectation.min = read_number(*min, problems);
  if (max) expectation.max = read_number(*max, problems);
  if (expectation.min && expectation.max && *expectation.min > *expectation.max) {
    problems.add(min->path, "is above \"max\"", "at most \"max\"");
  }
  return expectation;
}

}  // namespace

std::vector<Expectation> read_expect(const JsonNode& node, const Names& names, Problems& problems) {
  std::vector<Expectation> expectations;
  const auto size = read_list(node, problems, "a list of expectations");
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    expectations.push_back(read_one(node.item(i), names, problems));
  }
  return expectations;
}

}  // namespace sim
