#include "sim/app/export/topology.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "sim/app/show/result_table.h"

namespace sim {
namespace {

// Returns the names of some columns and of those of the figures behind them.
template <std::size_t kKeys, std::size_t kFigures>
constexpr auto joined_columns(const std::array<std::string_view, kKeys>& keys,
                              const std::array<std::string_view, kFigures>& figures) {
  std::array<std::string_view, kKeys + kFigures> out;
  std::copy(keys.begin(), keys.end(), out.begin());
  std::copy(figures.begin(), figures.end(), out.begin() + kKeys);
  return out;
}

// Reads the figures from the column `first` on. A cell that is no number makes the row wrong.
template <std::size_t kFigures>
std::array<std::string, kFigures> figures_of(ResultRow& row, std::size_t first,
                                             const std::array<std::string_view, kFigures>& names) {
  std::array<std::string, kFigures> out;
  for (std::size_t i = 0; i < kFigures; ++i) {
    if (names[i] == kRealFigure) {
      row.micros(first + i);
    } else {
      row.count(first + i);
    }
    out[i] = row.text(first + i);
  }
  return out;
}

class TopologyReader {
 public:
  TopologyReader(const std::string& run, const std::string& herd) {
    topology_.run = run;
    topology_.herd = herd;
  }

  std::optional<std::string> read(const std::filesystem::path& folder) {
    static constexpr auto kServer =
        joined_columns(std::array<std::string_view, 2>{"herd", "server"}, kServerFigures);
    static constexpr auto kLink =
        joined_columns(std::array<std::string_view, 3>{"herd", "from", "to"}, kLinkFigures);
    auto error = read_result_table(folder / "servers.csv", kServer, [&](ResultRow& row) {
      auto figures = figures_of(row, 2, kServerFigures);
      if (row.text(0) == topology_.herd) server(row.text(1)).figures = std::move(figures);
    });
    if (error) return error;
    return read_result_table(folder / "links.csv", kLink, [&](ResultRow& row) {
      auto figures = figures_of(row, 3, kLinkFigures);
      if (row.text(0) != topology_.herd) return;
      const std::size_t from = place_of(row.text(1));
      const std::size_t to = place_of(row.text(2));
      topology_.links.push_back({from, to, std::move(figures)});
    });
  }

  Topology take() { return std::move(topology_); }

 private:
  std::size_t place_of(const std::string& name) {
    const auto [found, is_new] = places_.emplace(name, topology_.servers.size());
    if (is_new) topology_.servers.push_back({name, {}});
    return found->second;
  }
  TopologyServer& server(const std::string& name) { return topology_.servers[place_of(name)]; }

  Topology topology_;
  std::map<std::string, std::size_t> places_;
};

}  // namespace

herd::Result<std::vector<std::string>, ShowError> read_herd_names(
    const std::filesystem::path& folder) {
  constexpr std::array<std::string_view, 1> kColumns = {"herd"};
  std::vector<std::string> out;
  auto error = read_result_table(folder / "summary.csv", kColumns,
                                 [&](ResultRow& row) { out.push_back(row.text(0)); });
  if (error) return ShowError{std::move(*error)};
  return out;
}

herd::Result<Topology, ShowError> read_topology(const std::filesystem::path& folder,
                                                const std::string& run, const std::string& herd) {
  TopologyReader reader(run, herd);
  if (auto error = reader.read(folder)) return ShowError{std::move(*error)};
  return reader.take();
}

}  // namespace sim
