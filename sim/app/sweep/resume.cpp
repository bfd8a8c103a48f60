#include "sim/app/sweep/resume.h"

#include <string>
#include <system_error>
#include <utility>

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

void read_points(const Sweep& sweep, const fs::path& folder, SweepResults& results) {
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    if (auto point = read_point(folder / point_folder(sweep, p))) {
      results.points[p] = std::move(*point);
    }
  }
}

}  // namespace

std::optional<FileError> take_finished_points(const Sweep& sweep, OutputFolder& folder,
                                              SweepResults& results) {
  const fs::path& earlier = folder.folder();
  const fs::path& partial = folder.partial();
  const bool finished = is_there(earlier / kRunFile);
  const bool left = is_there(partial / kRunFile);
  const bool take_finished = finished && why_not_of(sweep, earlier).empty();
  const bool take_left = left && why_not_of(sweep, partial).empty();
  if ((finished || left) && !take_finished && !take_left) {
    if (left) folder.keep();
    const fs::path& other = finished ? earlier : partial;
    return FileError{other, "cannot be resumed, because it " + why_not_of(sweep, other) +
                                " (leave --resume out, or name another folder)"};
  }

  if (take_finished) {
    read_points(sweep, earlier, results);
    if (results.complete()) return std::nullopt;
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
    if (!error && results.points[p].done()) error = link_tree(earlier / name, partial / name);
    if (error) return FileError{partial / name, "cannot be written: " + error.message()};
  }
  return std::nullopt;
}

}  // namespace sim
