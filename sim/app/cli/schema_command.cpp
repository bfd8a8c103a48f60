// `herdsim schema`: prints the JSON Schema of scenario files.
#include <cstdio>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/sweep/read_sweep.h"
#include "sim/script/read/read_scenario.h"

namespace sim {
namespace {

int print_schema() {
  std::fputs(schema_document(scenario_schema(sweep_schema())).c_str(), stdout);
  return kDone;
}

}  // namespace

Command add_schema_command(CLI::App& program) {
  CLI::App& parser = *program.add_subcommand("schema", "Print the JSON Schema of scenario files");
  parser.footer("Example: herdsim schema > scenario.schema.json");
  return {&parser, [] { return print_schema(); }};
}

}  // namespace sim
