#include "sim/app/sweep/copy_finished.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "sim/base/text/csv_reader.h"
#include "sim/base/text/read_file.h"
#include "sim/measure/results/run_json.h"
#include "sim/measure/results/tables.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

constexpr std::array kOfTheMachine = {column("cpu_s"), column("rss_mib"), column("wall_s")};

// Returns whether a path stays in the folder that it is relative to.
bool stays_inside(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

std::error_code link_or_copy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (error) return error;
  fs::create_hard_link(from, to, error);
  if (!error) return error;
  fs::copy_file(from, to, error);
  return error;
}

// Returns the rows without the figures of the machine.
std::vector<std::vector<std::string>> figures_in(const fs::path& file) {
  const auto text = read_file(file.string());
  std::vector<std::vector<std::string>> rows;
  if (!text) return rows;
  CsvReader csv(*text);
  for (std::vector<std::string> row; csv.next(row);) {
    for (const std::size_t column : kOfTheMachine) {
      if (column < row.size()) row[column].clear();
    }
    rows.push_back(row);
  }
  return rows;
}

// Returns what a run.json says of the results.
OwnedJson findings_in(const fs::path& folder) {
  OwnedJson run = read_run_file(folder);
  for (const char* const key : {"start", "machine", "herdsim"}) json_object_del(run.get(), key);
  return run;
}

bool same_findings(const fs::path& a, const fs::path& b) {
  const OwnedJson in_a = findings_in(a);
  const OwnedJson in_b = findings_in(b);
  return in_a && json_equal(in_a.get(), in_b.get()) != 0;
}

bool same_file(const fs::path& a, const fs::path& b, const std::string& file) {
  std::error_code unknown;
  if (fs::equivalent(a / file, b / file, unknown)) return true;
  if (file == kSummaryFile) return figures_in(a / file) == figures_in(b / file);
  const auto in_a = read_file((a / file).string());
  return in_a && in_a == read_file((b / file).string());
}

}  // namespace

std::optional<FileError> copy_finished(const fs::path& from, const fs::path& to,
                                       const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::error_code unknown;
    if (!stays_inside(file) ||
        fs::symlink_status(from / file, unknown).type() != fs::file_type::regular) {
      return FileError{from / file, "is a link or outside of the folder, and is not taken"};
    }
    if (const std::error_code error = link_or_copy(from / file, to / file)) {
      return FileError{to / file, "cannot be written: " + error.message()};
    }
  }
  return std::nullopt;
}

std::string how_points_differ(const fs::path& a, const fs::path& b,
                              const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    if (!same_file(a, b, file)) return "has another " + file;
  }
  return same_findings(a, b) ? "" : "has another run.json";
}

}  // namespace sim
