#include "sim/script/read/load_scenario.h"

#include "sim/script/read/problems.h"
#include "sim/script/read/read_scenario.h"

namespace sim {
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
  if (document.has_sweep()) {
    // The rest is not read: it may be right only with what the sweep sets.
    problems.add("sweep", "makes many scenarios of this one, and here one is needed",
                 "leave it out, as by --set sweep=null");
  } else {
    scenario = read_scenario(document.file, document.root.get(), problems);
  }
  if (problems.any()) {
    return describe_problems(document.file, document.text, problems, document.sources);
  }
  if (document.as_run) scenario.as_run = dump_scenario(document.root.get());
  scenario.warnings = describe_warnings(document.file, document.text, problems, document.sources);
  return scenario;
}

}  // namespace sim
