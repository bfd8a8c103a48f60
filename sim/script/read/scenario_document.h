// A scenario file's JSON with what the command line changes in it, before it is known to be a
// scenario, or the many of a sweep.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/load_options.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/text_lists.h"

namespace sim {

// Everything that is wrong with a file, one line each, ready to print:
// `FILE:LINE: PATH: what is wrong (what would be right)`. Never empty.
using ScenarioErrors = std::vector<std::string>;

struct ScenarioDocument {
  std::string file = {};             // as given
  std::string text = {};             // of the file: errors name its lines
  OwnedJson root = nullptr;          // any JSON; `lists` are empty in it
  std::vector<TextList> lists = {};  // of the scenario, which are left in the text
  LoadOptions options = {};          // which have been applied
  std::vector<Source> sources = {};  // what came from the command line
  Problems problems = {};            // with putting that in

  bool has_sweep() const { return json_object_get(root.get(), "sweep") != nullptr; }
};

// An error where the file cannot be read or is not JSON. The file `-` is standard input.
// `--set KEY=null` takes a key away, also a sweep.
herd::Result<ScenarioDocument, ScenarioErrors> load_document(const std::string& file,
                                                             const LoadOptions& options);
// The same from text already read. Items of lists that are left in the text may turn out not to be
// JSON when they are read.
herd::Result<ScenarioDocument, ScenarioErrors> parse_document(const std::string& file,
                                                              std::string text,
                                                              const LoadOptions& options);
// The same with all lists in the tree. `text` is UTF-8 without a byte order mark.
herd::Result<ScenarioDocument, ScenarioErrors> parse_whole_document(const std::string& file,
                                                                    std::string text,
                                                                    const LoadOptions& options);

// Returns the scenario as `run.json` has it: indented, and without "$schema", which names a file
// that is near the scenario's.
std::string dump_scenario(const json_t* root);
// The same for a scenario some of whose lists are text.
std::string dump_scenario(const json_t* root, std::vector<TextItems>& lists);

}  // namespace sim
