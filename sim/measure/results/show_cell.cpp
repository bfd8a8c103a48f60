#include "sim/measure/results/show_cell.h"

#include <fmt/format.h>

#include <cmath>
#include <variant>

#include "sim/base/text/numbers.h"
#include "sim/base/text/utf8.h"
#include "sim/measure/results/human.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

std::string show_real(double value, ColumnKind kind) {
  if (kind == ColumnKind::kSeconds) return fmt::format("{:.2f} s", value);
  if (kind == ColumnKind::kMib) return fmt::format("{:.1f} MiB", value);
  return fmt::format("{:.2f}", value);
}

}  // namespace

std::string show_cell(const Cell& cell, ColumnKind kind) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) {
    if (kind == ColumnKind::kYesNo) return *count != 0 ? "yes" : "no";
    return with_separators(*count);
  }
  if (const auto* value = std::get_if<double>(&cell)) return show_real(*value, kind);
  if (const auto* latency = std::get_if<Latency>(&cell)) return human_duration(latency->value);
  if (const auto* text = std::get_if<std::string>(&cell)) return printable(*text);
  return "–";
}

bool is_timeless(const Cell& cell, std::size_t place) {
  const auto* latency = std::get_if<Latency>(&cell);
  return latency != nullptr && latency->value == Duration(0) &&
         place != column("staleness_p50_us") && place != column("staleness_max_us");
}

Cell parse_cell(std::string_view text, ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kText:
      return text.empty() ? Cell() : Cell(std::string(text));
    case ColumnKind::kCount:
    case ColumnKind::kYesNo:
      if (const auto count = read_whole<std::int64_t>(text)) return *count;
      return {};
    case ColumnKind::kMicros:
    case ColumnKind::kSinceStart:
      if (const auto us = read_real(text)) {
        return Latency{Duration(std::llround(*us * 1000))};
      }
      return {};
    case ColumnKind::kRatio:
    case ColumnKind::kRate:
    case ColumnKind::kSeconds:
    case ColumnKind::kMib:
    case ColumnKind::kAsMetric:
      if (const auto value = read_real(text)) return *value;
      return {};
  }
  return {};
}

}  // namespace sim
