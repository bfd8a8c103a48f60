// `herdsim run`, as its options ask for it.
#pragma once

#include <spdlog/common.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/app/shards/shard.h"
#include "sim/script/read/scenario_document.h"

namespace sim {

// kHtmlIfBuilt is kHtml without a word if herdsim was built without the page.
enum class ReportForm { kHtmlIfBuilt, kHtml, kNone };

// How the results are printed.
enum class RunFormat { kText, kJson };

struct RunCommand {
  std::vector<std::string> files;
  std::string out;  // empty: results/NAME, or of a shard results/NAME.shards/I-of-N
  LoadOptions load;
  bool quiet = false;
  bool dry_run = false;          // plan, but run nothing
  bool resume = false;           // for sweeps: keep the points that are finished
  std::string columns;           // for sweeps: the metrics to show; empty: all
  std::optional<unsigned> jobs;  // for sweeps: points in parallel; nullopt: one per core
  std::string shard_option;      // as given; empty: none
  std::optional<Shard> shard;    // for sweeps: the part to run; nullopt: all points
  RunFormat format = RunFormat::kText;
  ReportForm report = ReportForm::kHtmlIfBuilt;
  // How much servers log; nullopt: info.
  std::optional<spdlog::level::level_enum> log_level;

  // Returns the results folder for the scenario or sweep of this name.
  std::filesystem::path folder(const std::string& name) const {
    if (!out.empty()) return out;
    return "results/" + name + (shard ? ".shards/" + folder_name(*shard) : "");
  }
};

// Options of `run` that `gather` has too.
void add_columns_option(CLI::App& command, std::string& columns);  // --columns LIST
void add_report_option(CLI::App& command, ReportForm& report);     // --report html|none

}  // namespace sim
