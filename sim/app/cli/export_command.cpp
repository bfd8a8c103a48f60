// `herdsim export`: writes a run in the formats of other tools.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/common_options.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/text_sink.h"
#include "sim/app/export/export_formats.h"
#include "sim/app/show/chosen_flood.h"
#include "sim/app/show/run_document.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/quoted.h"

namespace sim {
namespace {

enum class ExportFormat { kPerfetto, kShiviz, kMermaid, kDot, kGraphml };

struct ExportOptions {
  std::string folder, herd;  // an empty herd: all, or the first
  std::optional<ExportFormat> format;
  std::optional<std::uint64_t> update;
  std::string out;  // empty: standard output
};

using Exported = herd::Result<Export, ShowError>;

bool is_topology(ExportFormat format) {
  return format == ExportFormat::kDot || format == ExportFormat::kGraphml;
}

ShowError no_such_herd(const std::string& herd, const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + sim::quoted(name);
  return ShowError{fmt::format("the run has no herd {} (it has {})", sim::quoted(herd),
                               all.empty() ? "none" : all)};
}

// Returns the place of the herd in the list; the first if none is named, with a note if there are
// others.
herd::Result<std::size_t, ShowError> choose_herd(const std::vector<std::string>& names,
                                                 const std::string& herd,
                                                 std::vector<std::string>& notes) {
  if (herd.empty() && !names.empty()) {
    if (names.size() > 1) {
      notes.push_back(fmt::format("the herd is {}, the first of {}; --herd names another",
                                  sim::quoted(names.front()), names.size()));
    }
    return std::size_t{0};
  }
  const auto found = std::find(names.begin(), names.end(), herd);
  if (found == names.end()) return no_such_herd(herd, names);
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<std::string> herd_names(const ShownRun& run) {
  std::vector<std::string> out;
  for (const ShownHerd& herd : run.herds()) out.push_back(herd.name);
  return out;
}

Exported export_topology(const ExportOptions& options) {
  if (options.update) return ShowError{"--update: a topology has the counts of a whole run"};
  const auto document = read_run_document(options.folder);
  if (!document) return document.error();
  const auto names = read_herd_names(options.folder);
  if (!names) return names.error();
  std::vector<std::string> notes;
  const auto herd = choose_herd(*names, options.herd, notes);
  if (!herd) return herd.error();
  const std::string run(string_of(json_object_get(document->get(), "name")));
  const auto topology = read_topology(options.folder, run, (*names)[*herd]);
  if (!topology) return topology.error();
  Export out =
      options.format == ExportFormat::kDot ? topology_dot(*topology) : topology_graphml(*topology);
  out.notes.insert(out.notes.begin(), notes.begin(), notes.end());
  return out;
}

Exported export_flood(const ExportOptions& options, const ShownRun& run) {
  std::vector<std::string> notes;
  const auto place = choose_herd(herd_names(run), options.herd, notes);
  if (!place) return place.error();
  const ShownHerd& herd = run.herds()[*place];
  const ShownUpdate* const slowest = options.update ? nullptr : slowest_logged(herd);
  if (!options.update && slowest == nullptr) {
    return ShowError{
        fmt::format("messages.csv has no update of the herd {}", sim::quoted(herd.name))};
  }
  const std::uint64_t number = options.update ? *options.update : slowest->number;
  if (!options.update) {
    notes.push_back(fmt::format("the update is {}, the slowest; --update names another", number));
  }
  const auto flood = choose_flood(run, herd, number);
  if (!flood) return flood.error();
  const ExportedFlood exported{herd, *flood->update, flood->messages};
  Export out =
      options.format == ExportFormat::kShiviz ? shiviz_log(exported) : mermaid_diagram(exported);
  out.notes.insert(out.notes.begin(), notes.begin(), notes.end());
  return out;
}

Exported export_trace(const ExportOptions& options, const ShownRun& run) {
  std::vector<const ShownHerd*> herds;
  std::optional<ShowError> error;
  for (const ShownHerd& herd : run.herds()) {
    if (!options.herd.empty() && options.herd != herd.name) continue;
    const auto flood =
        options.update ? std::optional(choose_flood(run, herd, *options.update)) : std::nullopt;
    if (!flood || flood->ok()) herds.push_back(&herd);
    if (flood && !flood->ok()) error = flood->error();
  }
  if (herds.empty()) return error ? *error : no_such_herd(options.herd, herd_names(run));
  const auto events = read_run_events(options.folder);
  if (!events) return events.error();
  return perfetto_json(run, herds, *events, options.update);
}

Exported export_run(const ExportOptions& options) {
  if (is_topology(*options.format)) return export_topology(options);
  const auto run = ShownRun::read(options.folder);
  if (!run) return run.error();
  if (options.format == ExportFormat::kPerfetto) return export_trace(options, *run);
  return export_flood(options, *run);
}

int run_export(const ExportOptions& options) {
  auto exported = export_run(options);
  if (!exported) {
    std::fprintf(stderr, "herdsim export: %s\n", exported.error().what.c_str());
    return kBadUsage;
  }
  TextSink sink(options.out);
  sink.write(exported->text);
  if (const std::string error = sink.finish(); !error.empty()) {
    std::fprintf(stderr, "herdsim export: %s\n", error.c_str());
    return kNotCarriedOut;
  }
  for (const std::string& note : exported->notes) {
    std::fprintf(stderr, "herdsim export: %s\n", note.c_str());
  }
  return kDone;
}

}  // namespace

Command add_export_command(CLI::App& program) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App& parser =
      *program.add_subcommand("export", "Write a run for other tools: traces, diagrams, graphs");
  parser.add_option("DIR", options->folder, "Results folder of a run")->required();
  add_choice_option<ExportFormat>(parser, "--format", options->format,
                                  {{"perfetto", ExportFormat::kPerfetto},
                                   {"shiviz", ExportFormat::kShiviz},
                                   {"mermaid", ExportFormat::kMermaid},
                                   {"dot", ExportFormat::kDot},
                                   {"graphml", ExportFormat::kGraphml}},
                                  "perfetto: messages and faults over time; shiviz, mermaid: the "
                                  "messages of one update; dot, graphml: servers and links with "
                                  "their counts");
  parser.get_option("--format")->required();
  parser
      .add_option("--herd", options->herd,
                  "Export this herd (default: all for perfetto, else the first)")
      ->type_name("NAME");
  parser
      .add_option("--update", options->update,
                  "Export the messages of this update (default: all for perfetto, else the "
                  "slowest one)")
      ->type_name("N");
  add_out_file_option(parser, options->out, "Write to FILE (default, and -: standard output)");
  parser.footer("Example: herdsim export results/flooding --format mermaid --update 17");
  return {&parser, [options] { return run_export(*options); }};
}

}  // namespace sim
