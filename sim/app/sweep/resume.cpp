#include "sim/app/sweep/resume.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/app/sweep/point_folder.h"
#include "sim/app/sweep/sweep_json.h"
#include "sim/measure/results/run_json.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

// Creates hard links, because finished files never change; copies if the file system has no links.
std::error_code link_tree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::create_hard_links, error);
  if (!error) return error;
  fs::remove_all(to, error);
  fs::copy(from, to, fs::copy_options::recursive, error);
  return error;
}

// Takes the point if it is whole. Returns whether it is, or an error if it does not belong to the
// others.
herd::Result<bool, FileError> take_point(const fs::path& folder, std::size_t p,
                                         SweepResults& results) {
  auto point = read_point(folder);
  if (!point) return false;
  const std::string why = join_origins(*results.origin, point->origin);
  if (!why.empty()) {
    return FileError{folder, "cannot be resumed, because it " + why +
                                 " (leave --resume out, or name another folder)"};
  }
  results.points[p] = std::move(point->result);
  return true;
}

// Reads the points that have not run yet, and notes that they come from this folder.
std::optional<FileError> read_points(const Sweep& sweep, const fs::path& folder,
                                     SweepResults& results, std::vector<fs::path>& source) {
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    if (results.points[p].status != PointStatus::kNotRun) continue;
    const auto taken = take_point(folder / point_folder(sweep, p), p, results);
    if (!taken) return taken.error();
    if (*taken) source[p] = folder;
  }
  return std::nullopt;
}

}  // namespace

std::optional<FileError> take_finished_points(const Sweep& sweep, OutputFolder& folder,
                                              SweepResults& results) {
  const fs::path& partial = folder.partial();
  const bool left = is_there(partial / kRunFile);
  const bool take_left = left && why_not_of(sweep, partial).empty();
  std::vector<fs::path> earlier;  // the results that points can be taken from
  std::optional<fs::path> other;  // results that they cannot
  std::vector<fs::path> all = folder.incomplete();
  all.insert(all.begin(), folder.folder());
  for (fs::path& each : all) {
    if (!is_there(each / kRunFile)) continue;
    if (why_not_of(sweep, each).empty()) {
      earlier.push_back(std::move(each));
    } else if (!other) {
      other = std::move(each);
    }
  }
  if (left && !take_left && !other) other = partial;
  if (other && earlier.empty() && !take_left) {
    if (left) folder.keep();
    return FileError{*other, "cannot be resumed, because it " + why_not_of(sweep, *other) +
                                 " (leave --resume out, or name another folder)"};
  }

  std::vector<fs::path> source(results.points.size());  // of each point that is done
  for (const fs::path& each : earlier) {
    if (auto error = read_points(sweep, each, results, source)) {
      if (left) folder.keep();
      return error;
    }
  }
  if (!earlier.empty() && earlier.front() == folder.folder() && results.complete() &&
      std::all_of(source.begin(), source.end(),
                  [&](const fs::path& from) { return from.empty() || from == folder.folder(); })) {
    return folder.clear();
  }
  if (!take_left) {
    if (auto error = folder.clear()) return error;
  }
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    const fs::path name = point_folder(sweep, p);
    if (take_left && results.points[p].status != PointStatus::kElsewhere) {
      const auto taken = take_point(partial / name, p, results);
      if (!taken) folder.keep();
      if (!taken) return taken.error();
      if (*taken) continue;
    }
    std::error_code error;
    fs::remove_all(partial / name, error);
    if (!error && results.points[p].done()) error = link_tree(source[p] / name, partial / name);
    if (error) return FileError{partial / name, "cannot be written: " + error.message()};
  }
  return std::nullopt;
}

}  // namespace sim
