#include "sim/measure/report/fault_table.h"

#include <cstddef>
#include <string_view>
#include <vector>

#include "sim/base/text/csv_field.h"
#include "sim/base/text/numbers.h"
#include "sim/measure/figures/fault_spans.h"
#include "sim/measure/report/csv_columns.h"
#include "sim/measure/report/pack_columns.h"

namespace sim {
namespace {

std::vector<RunEvent> events_of(const CsvColumns& table) {
  const auto at = table.find("at_us"), herd = table.find("herd"), event = table.find("event"),
             detail = table.find("detail");
  std::vector<RunEvent> events;
  events.reserve(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    events.push_back({read_micros(table.at(row, at)).value_or(herd::Duration(0)),
                      std::string(table.at(row, herd)), std::string(table.at(row, event)),
                      std::string(table.at(row, detail))});
  }
  return events;
}

std::string_view kind_name(FaultSpan::Kind kind) {
  switch (kind) {
    case FaultSpan::Kind::kLinkDown:
      return "link";
    case FaultSpan::Kind::kServerDown:
      return "server";
    case FaultSpan::Kind::kServerPaused:
      return "paused";
  }
  return "";
}

void add_row(std::string& csv, std::string_view herd, const FaultSpan& fault) {
  append_csv_field(csv, herd);
  csv.append(",").append(kind_name(fault.kind)).append(",");
  append_csv_field(csv, fault.who);
  csv += ',';
  append_micros(csv, fault.from);
  csv += ',';
  if (fault.to) append_micros(csv, *fault.to);
  csv += '\n';
}

}  // namespace

std::string packed_faults(RunFolder& folder) {
  std::string csv = "herd,kind,who,from_us,to_us\n";
  const CsvColumns* const events = folder.table("events.csv");
  const CsvColumns* const summary = folder.table("summary.csv");
  if (events != nullptr && summary != nullptr) {
    const std::vector<RunEvent> all = events_of(*events);
    for (std::size_t row = 0; row < summary->rows(); ++row) {
      const std::string herd(summary->at(row, "herd"));
      for (const FaultSpan& each : fault_spans(all, herd)) add_row(csv, herd, each);
    }
  }
  const CsvColumns faults(csv);
  return pack_columns(faults,
                      {{"herd", PackAs::kText},
                       {"kind", PackAs::kText},
                       {"who", PackAs::kText},
                       {"from_us"},
                       {"to_us"}},
                      every_row(faults));
}

}  // namespace sim
