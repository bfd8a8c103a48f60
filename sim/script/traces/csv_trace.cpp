#include "sim/script/traces/csv_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <vector>

#include "sim/base/text/csv_field.h"
#include "sim/base/text/csv_reader.h"
#include "sim/script/traces/trace_builder.h"

namespace sim {
namespace {

enum Column { kTime, kClient, kLat, kLon, kColumns };
constexpr std::array<std::string_view, kColumns> kNames = {"time_s", "client", "lat", "lon"};
constexpr std::string_view kHeaderRight = "a header that names time_s, client, lat and lon";

// Which field of a record each column is; nullopt, reported, where one is missing.
using ColumnMap = std::array<std::size_t, kColumns>;
std::optional<ColumnMap> read_header(const std::vector<std::string>& header, std::size_t line,
                                     TraceBuilder& builder) {
  ColumnMap map{};
  bool complete = true;
  for (std::size_t column = 0; column < kColumns; ++column) {
    const auto found = std::find(header.begin(), header.end(), kNames[column]);
    map[column] = static_cast<std::size_t>(found - header.begin());
    if (found != header.end()) continue;
    complete = false;
    builder.report(line, kNames[column], "is missing", kHeaderRight);
  }
  if (!complete) return std::nullopt;
  return map;
}

void read_record(const std::vector<std::string>& fields, const ColumnMap& map, std::size_t line,
                 TraceBuilder& builder) {
  const auto field = [&](Column column) -> const std::string& { return fields[map[column]]; };
  const auto at = builder.read_seconds(field(kTime), line);
  if (field(kClient).empty()) builder.report(line, kNames[kClient], "is empty", "a client's id");
  const auto lat =
      builder.read_degrees(field(kLat), kNames[kLat], 90, "decimal degrees from -90 to 90", line);
  const auto lon = builder.read_degrees(field(kLon), kNames[kLon], 180,
                                        "decimal degrees from -180 to 180", line);
  if (!at || field(kClient).empty() || !lat || !lon) return;
  const std::size_t client = builder.client(field(kClient), field(kClient));
  builder.add(client, {*at, {*lat, *lon}}, line);
}

}  // namespace

herd::Result<TraceData, TraceProblems> parse_csv_trace(std::string_view text) {
  TraceBuilder builder(kNames[kTime]);
  CsvReader reader(text);
  std::vector<std::string> fields;
  std::optional<ColumnMap> columns;
  std::size_t width = 0;
  if (reader.next(fields)) {
    width = fields.size();
    columns = read_header(fields, reader.line(), builder);
  } else if (reader.error().empty()) {
    builder.report(1, "header", "is missing", kHeaderRight);
  }
  while (columns && reader.next(fields)) {
    if (fields.size() == width) {
      read_record(fields, *columns, reader.line(), builder);
    } else {
      builder.report(reader.line(), "record", fmt::format("has {} fields", fields.size()),
                     fmt::format("{}, as the header has", width));
    }
  }
  if (!reader.error().empty()) builder.report(reader.line(), "record", reader.error(), "");
  return std::move(builder).take();
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
