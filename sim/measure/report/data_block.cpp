#include "sim/measure/report/data_block.h"

#include <utility>
#include <vector>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/measure/report/compress.h"
#include "sim/measure/report/fault_table.h"
#include "sim/measure/report/pack_columns.h"
#include "sim/measure/report/rings.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

std::string run_part(RunFolder& folder, std::initializer_list<const char*> keys) {
  OwnedJson part(json_object());
  for (const char* const key : keys) {
    if (const json_t* const value = json_object_get(folder.run(), key)) {
      put(part.get(), key, copy_of(value));
    }
  }
  return dump_json(part.get(), 0);
}

std::string with_tables(const std::string& run, const std::string& tables,
                        const std::string& more = "") {
  return base64(gzip(R"({"run":)" + run + R"(,"tables":{)" + tables + "}" + more + "}"));
}

// Every column of the summary, each text or number as its description says.
std::string summary_table(RunFolder& folder) {
  const CsvColumns* const summary = folder.table("summary.csv");
  if (summary == nullptr) return R"("summary.csv":{"rows":0,"of":0,"columns":{}})";
  std::vector<PackedColumn> columns;
  columns.reserve(kSummaryColumns.size());
  for (const SummaryColumn& each : kSummaryColumns) {
    columns.push_back({each.name, each.numeric() ? PackAs::kNumber : PackAs::kText});
  }
  return R"("summary.csv":)" + pack_columns(*summary, columns, every_row(*summary));
}

}  // namespace

DataBlock::DataBlock(RunFolder& folder)
    : folder_(folder),
      run_(run_part(folder, {"name", "clock", "scenario", "violations"})),
      fixed_(summary_table(folder)),
      rings_(R"(,"rings":)" + pack_rings(folder)) {
  for (const PageTable& each : page_tables()) {
    if (!each.shrinks) fixed_ += packed(each, {});
  }
  fixed_ += R"(,"faults":)" + packed_faults(folder);
}

std::string DataBlock::with(const DrillDownLimits& limits) const {
  std::string tables = fixed_;
  for (const PageTable& each : page_tables()) {
    if (each.shrinks) tables += packed(each, limits);
  }
  return with_tables(run_, tables, rings_);
}

std::string DataBlock::packed(const PageTable& table, const DrillDownLimits& limits) const {
  const CsvColumns* const rows = folder_.table(table.file);
  if (rows == nullptr) return {};
  return "," + json_quoted(table.file) + ":" +
         pack_columns(*rows, table.columns, page_rows(folder_, table.file, limits));
}

std::string sweep_data_block(RunFolder& folder) {
  std::string tables;
  if (const CsvColumns* const sweep = folder.table("sweep.csv")) {
    std::vector<PackedColumn> columns;
    for (const std::string_view name : sweep->header()) {
      const bool is_number = name == "runs" || name == "median" || name == "min" || name == "max" ||
                             name == "q1" || name == "q3";
      columns.push_back({name, is_number ? PackAs::kNumber : PackAs::kText});
    }
    tables = R"("sweep.csv":)" + pack_columns(*sweep, columns, every_row(*sweep));
  }
  return with_tables(run_part(folder, {"name", "sweep"}), tables);
}

}  // namespace sim
