#include "sim/app/cli/run_entries.h"

#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/app/cli/exit_status.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/base/json/make_json.h"
#include "sim/measure/figures/summary_cells.h"
#include "sim/measure/results/run_json_parts.h"
#include "sim/measure/results/show_cell.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

OwnedJson cell_json(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return json_text(*text);
  if (const auto* count = std::get_if<std::int64_t>(&cell)) return json_count(*count);
  return json_figure(figure_of(cell));
}

OwnedJson herd_entry(const std::vector<Cell>& cells) {
  OwnedJson object(json_object());
  for (std::size_t i = 0; i < cells.size() && i < kSummaryColumns.size(); ++i) {
    put(object.get(), kSummaryColumns[i].name, cell_json(cells[i]));
  }
  return object;
}

// The cells of a row of summary.csv.
OwnedJson herd_entry(const std::vector<std::string>& row) {
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < row.size() && i < kSummaryColumns.size(); ++i) {
    cells.push_back(parse_cell(row[i], kSummaryColumns[i].kind));
  }
  return herd_entry(cells);
}

// The members that every entry has.
OwnedJson begin_entry(std::string_view kind, const std::string& name, const std::string& file,
                      const RunEnd& end) {
  OwnedJson object(json_object());
  put(object.get(), "kind", kind);
  put(object.get(), "name", name);
  put(object.get(), "file", file);
  put(object.get(), "status", json_count(end.status));
  put(object.get(), "error", json_text_or_null(end.error));
  put(object.get(), "folder", json_text_or_null(end.folder ? end.folder->string() : ""));
  return object;
}

void put_origin(json_t* object, ClockKind clock, std::uint64_t seed, bool complete) {
  put(object, "clock", to_string(clock));
  put(object, "seed", json_count(seed));
  put(object, "complete", json_flag(complete));
}

OwnedJson expectations_json(const std::vector<ExpectationResult>& expectations) {
  OwnedJson list(json_array());
  for (const ExpectationResult& each : expectations) add(list.get(), describe(each));
  return list;
}

OwnedJson point_entry(const Sweep& sweep, std::size_t point, const PointResult& result) {
  OwnedJson object = point_json(sweep, point, result);
  OwnedJson herds(json_array());
  for (const auto& row : result.rows) add(herds.get(), herd_entry(row));
  put(object.get(), "herds", std::move(herds));
  put(object.get(), "expectations", expectations_json(result.expectations));
  return object;
}

}  // namespace

OwnedJson run_entry(const Scenario& scenario, const RunResults& run, const RunEnd& end) {
  OwnedJson herds(json_array()), violations(json_object());
  for (const HerdResults& herd : run.herds) {
    add(herds.get(), herd_entry(herd.summary));
    put(violations.get(), herd.herd, json_texts(herd.violations));
  }
  OwnedJson entry = begin_entry("run", scenario.name, scenario.file, end);
  put_origin(entry.get(), scenario.clock, scenario.seed, run.complete);
  put(entry.get(), "herds", std::move(herds));
  put(entry.get(), "expectations", expectations_json(run.expectations));
  put(entry.get(), "violations", std::move(violations));
  put(entry.get(), "notes", json_texts(run.notes));
  return entry;
}

OwnedJson sweep_entry(const Sweep& sweep, const SweepResults& results, const RunEnd& end) {
  OwnedJson points(json_array());
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    if (results.points[p].status == PointStatus::kElsewhere) continue;
    add(points.get(), point_entry(sweep, p, results.points[p]));
  }
  OwnedJson entry = begin_entry("sweep", sweep.name, sweep.file, end);
  put_origin(entry.get(), sweep.clock, sweep.seed, results.complete());
  put(entry.get(), "sweep", swept_keys_json(sweep));
  if (sweep.shard) put(entry.get(), "shard", to_string(*sweep.shard));
  put(entry.get(), "points", std::move(points));
  return entry;
}

OwnedJson plan_entry(const Scenario& scenario, std::uint64_t rows,
                     const std::filesystem::path& plan) {
  const RunEnd end{plan.parent_path(), kDone, ""};
  OwnedJson entry = begin_entry("plan", scenario.name, scenario.file, end);
  put(entry.get(), "plan", plan.string());
  put(entry.get(), "actions", json_count(rows));
  return entry;
}

OwnedJson failure_entry(const std::string& name, const std::string& file, const RunEnd& end) {
  return begin_entry("failure", name, file, end);
}

}  // namespace sim
