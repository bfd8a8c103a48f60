#include "sim/app/show/run_document.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>

#include "sim/base/json/parse_json.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/results/run_json.h"

namespace sim {

bool lists_file(const json_t* document, std::string_view file) {
  const json_t* const files = json_object_get(document, "files");
  for (std::size_t i = 0; i < json_array_size(files); ++i) {
    if (string_of(json_array_get(files, i)) == file) return true;
  }
  return false;
}

herd::Result<OwnedJson, ShowError> read_run_document(const std::filesystem::path& folder) {
  OwnedJson document = read_run_file(folder);
  const std::string name = without_controls(folder.string());
  if (document == nullptr || !json_is_array(json_object_get(document.get(), "files"))) {
    return ShowError{
        fmt::format("{} is not the results folder of a run: it has no {} of one", name, kRunFile)};
  }
  if (json_is_array(json_object_get(document.get(), "points"))) {
    return ShowError{fmt::format(
        "{} has the results of a sweep; name one of its points, as {}/points/0001", name, name)};
  }
  if (json_is_true(json_object_get(document.get(), "dry_run"))) {
    return ShowError{fmt::format("{} is the folder of a dry run: nothing was run", name)};
  }
  return document;
}

}  // namespace sim
