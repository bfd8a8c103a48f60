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

// Reads the points that are not done yet, and notes that they come from this folder.
void read_points(const Sweep& sweep, const fs::path& folder, SweepResults& results,
                 std::vector<fs::path>& source) {
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    if (results.points[p].done()) continue;
    if (auto point = read_point(folder / point_folder(sweep, p))) {
      results.points[p] = std::move(*point);
      source[p] = folder;
    }
  }
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
  for (const fs::path& each : earlier) read_points(sweep, each, results, source);
  if (!earlier.empty() && earlier.front() == folder.folder() && results.complete() &&
      std::all_of(source.begin(), source.end(),
                  [&](const fs::path& from) { return from == folder.folder(); })) {
    return std::nullopt;
  }
  if (!take_left) {
    if (auto error = folder.clear()) return error;
  }
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    const fs::path name = point_folder(sweep, p);
    if (take_left) {
      if (auto point = read_point(partial / name)) {
        results.points[p] = std::move(*point);
        continue;
      }
    }
    std::error_code error;
    fs::remove_all(partial / name, error);
    if (!error && results.points[p].done()) error = link_tree(source[p] / name, partial / name);
    if (error) return FileError{partial / name, "cannot be written: " + error.message()};
  }
  return std::nullopt;
}

}  // namespace sim
