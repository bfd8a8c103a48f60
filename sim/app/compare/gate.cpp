#include "sim/app/compare/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "sim/base/text/numbers.h"
#include "sim/base/text/quoted.h"
#include "sim/script/read/suggest.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

CompareError wrong_metric(std::string what) {
  return {CompareError::Kind::kUsage, std::move(what)};
}

herd::Result<std::size_t, CompareError> read_metric(std::string_view name) {
  const std::vector<std::size_t> all = all_metrics();
  const auto at = find_column(name);
  if (at && std::find(all.begin(), all.end(), *at) != all.end()) return *at;
  if (at)
    return wrong_metric(fmt::format("{} is no figure that can be compared", sim::quoted(name)));
  std::vector<std::string_view> names;
  names.reserve(all.size());
  for (const std::size_t each : all) names.push_back(kSummaryColumns[each].name);
  const auto meant = suggest(name, names);
  return wrong_metric(fmt::format(
      "there is no metric {} ({})", sim::quoted(name),
      meant ? fmt::format("did you mean {}?", *meant)
            : std::string("metrics are the columns of summary.csv, as propagation_p99_us")));
}

}  // namespace

herd::Result<Gate, CompareError> read_gate(const std::string& text) {
  const std::size_t colon = text.find(':');
  Gate gate;
  gate.text = text;
  std::string_view number;
  if (colon != text.npos) number = std::string_view(text).substr(colon + 1);
  gate.is_percent = number.ends_with('%');
  if (gate.is_percent) number.remove_suffix(1);
  const bool has_sign = number.starts_with('+');
  if (has_sign) number.remove_prefix(1);
  const std::optional<double> most = read_real(number);
  if (!has_sign || !most || !std::isfinite(*most) || *most < 0 || number.starts_with('-')) {
    return wrong_metric(fmt::format(
        "{} is not METRIC:+N% or METRIC:+N, which say how much worse the figure may be (for "
        "example reply_p99_us:+5%)",
        sim::quoted(text)));
  }
  gate.most = *most;
  const auto metric = read_metric(std::string_view(text).substr(0, colon));
  if (!metric) return metric.error();
  gate.metric = *metric;
  if (kSummaryColumns[gate.metric].better == Better::kNeither) {
    return wrong_metric(fmt::format("{} cannot be worse: neither more nor less of it is better",
                                    kSummaryColumns[gate.metric].name));
  }
  return gate;
}

herd::Result<std::vector<std::size_t>, CompareError> read_metrics(const std::string& text) {
  std::vector<std::size_t> metrics;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const auto metric = read_metric(std::string_view(text).substr(at, end - at));
    if (!metric) return metric.error();
    if (std::find(metrics.begin(), metrics.end(), *metric) == metrics.end()) {
      metrics.push_back(*metric);
    }
    at = end + 1;
  }
  return metrics;
}

std::vector<std::size_t> all_metrics() {
  std::vector<std::size_t> metrics;
  for (std::size_t i = 0; i < kSummaryColumns.size(); ++i) {
    if (kSummaryColumns[i].numeric() && i != column("seed")) metrics.push_back(i);
  }
  return metrics;
}

}  // namespace sim
