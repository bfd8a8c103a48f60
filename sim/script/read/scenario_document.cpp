#include "sim/script/read/scenario_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "sim/base/json/dump_json.h"
#include "sim/base/text/read_file.h"
#include "sim/script/read/overrides.h"

namespace sim {
namespace {

// Whether what stands at the path came from the command line whole.
bool is_given(const std::vector<Source>& sources, std::string_view path) {
  return std::any_of(sources.begin(), sources.end(),
                     [&](const Source& source) { return source.path == path; });
}

}  // namespace

herd::Result<ScenarioDocument, ScenarioErrors> load_document(const std::string& file,
                                                             const LoadOptions& options) {
  if (const auto text = read_file(file)) return parse_document(file, *text, options);
  return ScenarioErrors{fmt::format("{}: scenario: cannot be read: {}", file,
                                    std::generic_category().message(errno))};
}

herd::Result<ScenarioDocument, ScenarioErrors> parse_document(const std::string& file,
                                                              const std::string& text,
                                                              const LoadOptions& options) {
  json_error_t syntax;
  ScenarioDocument document;
  document.file = file;
  document.text = text;
  document.root.reset(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &syntax));
  json_t* const root = document.root.get();
  if (root == nullptr) {
    const Problem problem{"", "is not JSON: " + without_controls(syntax.text), ""};
    return ScenarioErrors{describe_problem(file, std::max(1, syntax.line), problem)};
  }
  if (!json_is_object(root)) return document;
  document.sources = apply_overrides(root, options, document.problems);
  const bool taken_away =
      json_is_null(json_object_get(root, "sweep")) && is_given(document.sources, "sweep");
  if (taken_away) json_object_del(root, "sweep");
  return document;
}

std::string dump_scenario(const json_t* root) {
  const OwnedJson shown(json_copy(const_cast<json_t*>(root)));  // which jansson does not change
  json_object_del(shown.get(), "$schema");
  return dump_json(shown.get(), 2);
}

}  // namespace sim
