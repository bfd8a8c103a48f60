// `herdsim show`: what stands out in a run, and one update's flood in words.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/show/chosen_flood.h"
#include "sim/app/show/flood_text.h"
#include "sim/app/show/highlights_text.h"
#include "sim/app/show/shown_run.h"
#include "sim/base/text/quoted.h"

namespace sim {
namespace {

struct ShowOptions {
  std::string folder, herd;  // an empty herd: all
  std::optional<std::uint64_t> update;
};

int fail(const std::string& what) {
  std::fprintf(stderr, "herdsim show: %s\n", what.c_str());
  return kBadUsage;
}

// Returns the text for a herd, or why there is none.
herd::Result<std::string, ShowError> text_of(const ShownRun& run, const ShownHerd& herd,
                                             std::optional<std::uint64_t> number) {
  if (!number) return highlights_text(herd);
  const auto flood = choose_flood(run, herd, *number);
  if (!flood) return flood.error();
  return flood_text(herd, *flood->update, flood->messages);
}

int show(const ShowOptions& options) {
  const auto run = ShownRun::read(options.folder);
  if (!run) return fail(run.error().what);
  bool is_found = false;
  std::string text, errors;
  for (const ShownHerd& herd : run->herds()) {
    if (!options.herd.empty() && options.herd != herd.name) continue;
    is_found = true;
    const auto shown = text_of(*run, herd, options.update);
    if (shown) text += *shown;
    if (!shown) errors += "herdsim show: " + shown.error().what + '\n';
  }
  if (!is_found) return fail("the run has no herd " + sim::quoted(options.herd));
  std::fputs(errors.c_str(), stderr);
  std::fputs(text.c_str(), stdout);
  return text.empty() ? kBadUsage : kDone;
}

}  // namespace

Command add_show_command(CLI::App& program) {
  const auto options = std::make_shared<ShowOptions>();
  CLI::App& parser = *program.add_subcommand(
      "show", "Show what stands out in a run, or one update's flood, message by message");
  parser.add_option("RUN", options->folder, "Results folder of a run")->required();
  parser.add_option("--update", options->update, "The number of an update: show its flood")
      ->type_name("N");
  parser.add_option("--herd", options->herd, "Show only this herd")->type_name("NAME");
  parser.footer("Example: herdsim show results/flooding --update 17");
  return {&parser, [options] { return show(*options); }};
}

}  // namespace sim
