#include "sim/measure/results/run_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/json/parse_json.h"
#include "sim/measure/results/run_json.h"
#include "sim/measure/results/swap_folders.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPoints = "points/";
constexpr std::array<std::string_view, 4> kInnerFolders = {"logs", "points", kPrevious,
                                                           kReplacements};
constexpr std::array<std::string_view, 3> kSuffixes = {".csv", ".json", ".html"};

bool is_in(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

}  // namespace

std::optional<RunFiles> RunFiles::read(const fs::path& folder) {
  const OwnedJson document = read_run_file(folder);
  const bool is_run = json_is_boolean(json_object_get(document.get(), "complete")) &&
                      json_is_array(json_object_get(document.get(), "files"));
  if (!is_run) return std::nullopt;
  return RunFiles(folder, document.get());
}

RunFiles::RunFiles(fs::path folder, const json_t* document)
    : folder_(std::move(folder)),
      complete_(json_is_true(json_object_get(document, "complete"))),
      dry_run_(json_is_true(json_object_get(document, "dry_run"))),
      has_points_(json_is_array(json_object_get(document, "points"))) {
  const json_t* const files = json_object_get(document, "files");
  files_ = {kRunFile, kRunMarker};
  for (std::size_t i = 0; i < json_array_size(files); ++i) {
    files_.emplace(string_of(json_array_get(files, i)));
  }
}

bool RunFiles::contains(std::string_view path) {
  if (files_.contains(std::string(path)) || is_in(path, kReplacements)) return true;
  std::size_t end = std::string_view::npos;
  if (has_points_ && path.starts_with(kPoints)) end = path.find('/', kPoints.size());
  if (is_in(path, kPrevious)) end = path.find('/');
  if (end == std::string_view::npos) return false;
  const std::string_view inner = path.substr(0, end);
  if (inner != inner_folder_) {
    inner_folder_ = inner;
    auto read = RunFiles::read(folder_ / inner_folder_);
    inner_ = read ? std::make_unique<RunFiles>(std::move(*read)) : nullptr;
  }
  return inner_ != nullptr && inner_->contains(path.substr(end + 1));
}

bool may_be_unfinished(std::string_view path) {
  if (path == kRunMarker) return true;
  if (path.find('/') == std::string_view::npos) {
    return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                       [&](std::string_view suffix) { return path.ends_with(suffix); });
  }
  return std::any_of(kInnerFolders.begin(), kInnerFolders.end(),
                     [&](std::string_view folder) { return is_in(path, folder); });
}

}  // namespace sim
