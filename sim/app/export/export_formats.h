// What `herdsim export` writes: a run for the tools of others. One function per format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/export/run_events.h"
#include "sim/app/export/topology.h"
#include "sim/app/show/shown_run.h"

namespace sim {

// The text of a file, and sentences for the user about what the file does not have.
struct Export {
  std::string text;
  std::vector<std::string> notes;
};

// One update of a herd. `messages` are in the order of ShownRun::messages().
struct ExportedFlood {
  const ShownHerd& herd;
  const ShownUpdate& update;
  const std::vector<ShownMessage>& messages;
};

inline constexpr std::size_t kMostTraceEvents = 1'000'000;
inline constexpr std::size_t kMostShivizHosts = 32;
inline constexpr std::size_t kMostMermaidBytes = 50'000;  // what Mermaid draws by default

// Returns the herds' messages and faults as JSON in Chrome's Trace Event Format, which Perfetto
// reads. A herd is a process, a server a thread. With `update`, only that update's messages. The
// trace has at most `most_events` events: if the updates need more, some are left out, evenly over
// the run.
herd::Result<Export, ShowError> perfetto_json(const ShownRun& run,
                                              const std::vector<const ShownHerd*>& herds,
                                              const std::vector<RunEvent>& events,
                                              std::optional<std::uint64_t> update,
                                              std::size_t most_events = kMostTraceEvents);

// Returns the flood as a log with vector clocks, as ShiViz reads it with its default parser. Of
// more servers than kMostShivizHosts, only those that the flood reached first are in it.
Export shiviz_log(const ExportedFlood& flood);

// Returns the flood as a Mermaid sequence diagram.
Export mermaid_diagram(const ExportedFlood& flood);

// Return a herd's servers and links with their counts. Each direction of a link is an edge.
Export topology_dot(const Topology& topology);
Export topology_graphml(const Topology& topology);

}  // namespace sim
