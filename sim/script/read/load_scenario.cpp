#include "sim/script/read/load_scenario.h"

#include <algorithm>
#include <vector>

#include "sim/script/read/problems.h"
#include "sim/script/read/read_scenario.h"

namespace sim {
namespace {

bool has_failed(const std::vector<TextItems>& lists) {
  return std::any_of(lists.begin(), lists.end(),
                     [](const TextItems& each) { return each.has_failed(); });
}

// Reads the whole text of a document at once, so that its errors are those of the whole text.
herd::Result<Scenario, ScenarioErrors> read_as_a_whole(const ScenarioDocument& document) {
  auto whole = parse_whole_document(document.file, document.text, document.options);
  if (!whole) return whole.error();
  return to_scenario(*whole);
}

}  // namespace

herd::Result<Scenario, ScenarioErrors> load_scenario(const std::string& file,
                                                     const LoadOptions& options) {
  auto document = load_document(file, options);
  if (!document) return document.error();
  return to_scenario(*document);
}

herd::Result<Scenario, ScenarioErrors> parse_scenario(const std::string& file,
                                                      const std::string& text,
                                                      const LoadOptions& options) {
  auto document = parse_document(file, text, options);
  if (!document) return document.error();
  return to_scenario(*document);
}

herd::Result<Scenario, ScenarioErrors> to_scenario(const ScenarioDocument& document) {
  Problems problems = document.problems;
  Scenario scenario;
  std::vector<TextItems> lists;
  for (const TextList& list : document.lists) lists.emplace_back(document.text, list);
  if (document.has_sweep()) {
    // The rest is not read: it may be right only with what the sweep sets.
    problems.add("sweep", "makes many scenarios of this one, and here one is needed",
                 "leave it out, as by --set sweep=null");
  } else {
    scenario = read_scenario(document.file, document.root.get(), lists, document.options.clients,
                             problems);
    if (has_failed(lists)) return read_as_a_whole(document);
  }
  if (problems.any()) {
    return describe_problems(document.file, document.text, problems, document.sources);
  }
  if (document.options.as_run) scenario.as_run = dump_scenario(document.root.get(), lists);
  scenario.warnings = describe_warnings(document.file, document.text, problems, document.sources);
  return scenario;
}

}  // namespace sim
