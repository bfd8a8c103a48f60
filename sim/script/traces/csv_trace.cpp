#include "sim/script/traces/csv_trace.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string>

#include "sim/base/text/csv_field.h"
#include "sim/base/text/csv_table.h"
#include "sim/base/text/utf8.h"
#include "sim/script/traces/trace_builder.h"

namespace sim {
namespace {

enum Column { kTime, kClient, kLat, kLon, kColumns };
constexpr std::array<std::string_view, kColumns> kNames = {"time_s", "client", "lat", "lon"};
constexpr std::string_view kHeaderRight = "a header that names time_s, client, lat and lon";

void read_record(CsvTable& table, TraceBuilder& builder) {
  const std::size_t line = table.line();
  const std::string& id = table.field(kClient);
  const auto at = builder.read_seconds(table.field(kTime), line);
  const bool is_text = valid_utf8(id);
  if (id.empty()) builder.report(line, kNames[kClient], "is empty", "a client's id");
  if (!is_text) builder.report(line, kNames[kClient], "is not UTF-8", "a client's id in UTF-8");
  const auto lat = builder.read_degrees(table.field(kLat), kNames[kLat], 90,
                                        "decimal degrees from -90 to 90", line);
  const auto lon = builder.read_degrees(table.field(kLon), kNames[kLon], 180,
                                        "decimal degrees from -180 to 180", line);
  if (!at || id.empty() || !is_text || !lat || !lon) return;
  builder.add(builder.client(id, id), {*at, {*lat, *lon}, line});
}

}  // namespace

herd::Result<TraceData, TraceProblems> parse_csv_trace(std::string_view text, TraceFrom from) {
  TraceBuilder builder({kNames[kTime], "lat, lon", "decimal degrees, and at most 100 km a second"});
  CsvTable table(text, kNames);
  if (table.is_empty()) builder.report(1, "header", "is missing", kHeaderRight);
  for (const std::string_view column : table.missing()) {
    builder.report(table.line(), column, "is missing", kHeaderRight);
  }
  for (const std::string_view column : table.repeated()) {
    builder.report(table.line(), column, "names two columns", "each needed column once");
  }
  while (table.next()) {
    if (table.size() == table.width()) {
      read_record(table, builder);
    } else if (!builder.only_counts(table.line())) {
      builder.report(table.line(), "record", fmt::format("has {} fields", table.size()),
                     fmt::format("{}, as the header has", table.width()));
    }
  }
  if (!table.error().empty()) builder.report(table.line(), "record", table.error(), "");
  return std::move(builder).take(from);
}

void append_csv_trace_header(std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}\n", fmt::join(kNames, ","));
}

void append_csv_trace(std::string& out, const TraceClient& client) {
  std::string id;
  append_csv_field(id, client.id);
  for (const TrackPoint& sample : client.samples) {
    const auto ns = sample.at.count();
    fmt::format_to(std::back_inserter(out), "{}.{:09},{},{:.9f},{:.9f}\n", ns / 1'000'000'000,
                   ns % 1'000'000'000, id, sample.point.lat, sample.point.lon);
  }
}

}  // namespace sim
