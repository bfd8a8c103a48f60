#include "sim/app/compare/side_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <system_error>

#include "sim/base/text/quoted.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

bool is_folder(const std::string& name) {
  std::error_code unknown;
  return fs::is_directory(name, unknown);
}

// Splits DIR:HERD at the first colon behind a folder that exists, else at the first colon. Without
// a colon the herd is nullopt.
struct FolderAndHerd {
  std::string folder;
  std::optional<std::string> herd;
};
FolderAndHerd split_place(const std::string& text) {
  if (is_folder(text)) return {text, std::nullopt};
  const std::size_t first = text.find(':');
  for (std::size_t at = first; at != text.npos; at = text.find(':', at + 1)) {
    if (is_folder(text.substr(0, at))) return {text.substr(0, at), text.substr(at + 1)};
  }
  if (first == text.npos) return {text, std::nullopt};
  return {text.substr(0, first), text.substr(first + 1)};
}

// Returns the last name of the path: "flooding" for results/flooding/.
std::string last_name(const std::string& folder) {
  const fs::path path = fs::path(folder).lexically_normal();
  const fs::path name = path.has_filename() ? path.filename() : path.parent_path().filename();
  return name.empty() ? folder : name.string();
}

CompareError wrong(std::string what) { return {CompareError::Kind::kUsage, std::move(what)}; }

bool are_unique(const std::vector<std::string>& labels) {
  std::vector<std::string> sorted = labels;
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

// Returns the labels of sides without a label of their own.
std::vector<std::string> usual_labels(const std::vector<SideName>& sides,
                                      const std::vector<std::string>& given) {
  const bool one_folder = std::all_of(sides.begin(), sides.end(), [&](const SideName& each) {
    return each.folder == sides.front().folder && !each.herd.empty();
  });
  std::vector<std::string> labels;
  for (const SideName& each : sides) {
    const std::string herd = each.herd.empty() ? "" : ":" + each.herd;
    labels.push_back(one_folder ? each.herd : last_name(each.folder) + herd);
  }
  return are_unique(labels) ? labels : given;
}

// Puts a number behind labels that are taken, as of a folder that is compared with itself.
void make_unique(std::vector<SideName>& sides) {
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const std::string label = sides[i].label;
    const auto is_taken = [&](const std::string& name) {
      return std::any_of(sides.begin(), sides.begin() + static_cast<std::ptrdiff_t>(i),
                         [&](const SideName& each) { return each.label == name; });
    };
    for (int n = 2; is_taken(sides[i].label); ++n)
      sides[i].label = fmt::format("{} ({})", label, n);
  }
}

}  // namespace

herd::Result<std::vector<SideName>, CompareError> name_sides(
    const std::vector<std::string>& given) {
  if (given.size() < 2) return wrong("needs two results folders at least, or two herds of one");
  std::vector<SideName> sides;
  std::vector<std::string> labels;
  for (const std::string& text : given) {
    const std::size_t equals = is_folder(text) ? text.npos : text.find('=');
    SideName side;
    if (equals != text.npos) side.label = text.substr(0, equals);
    if (equals == 0) return wrong(fmt::format("{} has an empty label", sim::quoted(text)));
    const FolderAndHerd place = split_place(equals == text.npos ? text : text.substr(equals + 1));
    if (place.folder.empty()) return wrong(fmt::format("{} names no folder", sim::quoted(text)));
    if (place.herd == "")
      return wrong(fmt::format("{} names no herd behind the colon", sim::quoted(text)));
    side.folder = place.folder;
    side.herd = place.herd.value_or("");
    if (!side.label.empty()) labels.push_back(side.label);
    sides.push_back(std::move(side));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (std::find(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(i), labels[i]) !=
        labels.begin() + static_cast<std::ptrdiff_t>(i)) {
      return wrong(fmt::format("the label {} is given twice", sim::quoted(labels[i])));
    }
  }
  const std::vector<std::string> usual = usual_labels(sides, given);
  for (std::size_t i = 0; i < sides.size(); ++i) {
    if (sides[i].label.empty()) sides[i].label = usual[i];
  }
  make_unique(sides);
  return sides;
}

}  // namespace sim
