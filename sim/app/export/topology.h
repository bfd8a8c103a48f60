// A herd's servers and links with the counts of a run.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sim/app/show/show_error.h"

namespace sim {

// The figures of a server, columns of servers.csv; and of one direction of a link, columns of
// links.csv. All are whole numbers, except down_us.
inline constexpr std::array<std::string_view, 9> kServerFigures = {
    "port",          "clients_known", "accepted", "messages_in", "messages_out",
    "duplicates_in", "invalid_lines", "queries",  "restarts"};
inline constexpr std::array<std::string_view, 8> kLinkFigures = {
    "messages", "bytes", "duplicates", "echoes", "drops", "down_us", "repairs", "sync_bytes"};
inline constexpr std::string_view kRealFigure = "down_us";

// Figures are as the files have them; an empty one is not known.
struct TopologyServer {
  std::string name;
  std::array<std::string, kServerFigures.size()> figures;
};
struct TopologyLink {
  std::size_t from = 0, to = 0;  // places in Topology::servers
  std::array<std::string, kLinkFigures.size()> figures;
};
struct Topology {
  std::string run, herd;
  std::vector<TopologyServer> servers;
  std::vector<TopologyLink> links;  // each direction is one
};

// Returns the names of the herds in the folder's summary.csv.
herd::Result<std::vector<std::string>, ShowError> read_herd_names(
    const std::filesystem::path& folder);

// Reads servers.csv and links.csv. A server that only links.csv names is added, without figures.
herd::Result<Topology, ShowError> read_topology(const std::filesystem::path& folder,
                                                const std::string& run, const std::string& herd);

}  // namespace sim
