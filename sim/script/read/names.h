// What a scenario's herds and clients are called, for the parts that refer to them. Where the part
// that gives the names has problems of its own, nothing is reported for lack of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// A herd as read. What is not known had problems, which have been reported.
struct HerdRead {
  HerdSpec spec;
  bool servers_known = false;
  bool positions_known = false;  // of those servers that have one
  bool links_known = false;
  bool places_known = false;  // at least their provider
};

// One herd's servers and links, each found at once.
class HerdNames {
 public:
  explicit HerdNames(const HerdRead& herd);

  const std::string& herd() const { return herd_; }
  std::optional<std::uint32_t> server(const std::string& name) const;
  const std::vector<std::string>& servers() const { return servers_; }
  bool servers_known() const { return servers_known_; }
  // The link between two servers, in either order, by its place in the herd's list.
  std::optional<std::uint32_t> link(std::uint32_t a, std::uint32_t b) const;
  // The first server that stands nowhere, where everything is known.
  const std::optional<std::string>& server_without_position() const { return without_position_; }

  // True where nothing speaks against it.
  bool may_have_link(const std::string& a, const std::string& b) const;
  bool may_have_links() const { return !links_known_ || !links_.empty(); }
  bool may_have_embedded_places() const { return may_have_embedded_places_; }
  // Whether its links are ours to cut and to change, and each of its servers ours to stop.
  bool reaches_links() const { return reaches_links_; }
  bool reaches_servers() const { return reaches_servers_; }
  bool may_have_many_servers() const { return !servers_known_ || servers_.size() > 1; }
  // Whether there are links between servers of different groups; those that no group names are one
  // group.
  bool may_be_cut(const std::vector<std::vector<std::string>>& groups) const;

 private:
  std::string herd_;
  bool servers_known_, links_known_, may_have_embedded_places_;
  bool reaches_links_, reaches_servers_;
  std::vector<std::string> servers_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
  std::unordered_map<std::uint64_t, std::uint32_t> links_;
  std::optional<std::string> without_position_;
};

struct Names {
  std::vector<HerdNames> herds;
  bool herds_known = false;
  std::unordered_set<std::string> clients;
  bool clients_known = false;

  // The herd of that name; reported where there is none.
  std::optional<std::uint32_t> find_herd(const JsonNode& node, const std::string& name,
                                         Problems& problems) const;
  // Report a name that is missing from the herd, or without one from any of them. True where it
  // is in all of them.
  bool check_server(const JsonNode& node, const std::string& name,
                    std::optional<std::uint32_t> herd, Problems& problems) const;
  void check_link(const JsonNode& node, const std::string& a, const std::string& b,
                  std::optional<std::uint32_t> herd, Problems& problems) const;
  void check_links(const JsonNode& node, std::optional<std::uint32_t> herd,
                   Problems& problems) const;
  void check_cut(const JsonNode& node, const std::vector<std::vector<std::string>>& groups,
                 std::optional<std::uint32_t> herd, Problems& problems) const;
  void check_embedded_places(const JsonNode& node, std::optional<std::uint32_t> herd,
                             Problems& problems) const;
  // Of the herds concerned: that faults of links, and of servers one by one, can be made there.
  void check_link_faults(const JsonNode& node, std::optional<std::uint32_t> herd,
                         Problems& problems) const;
  void check_server_faults(const JsonNode& node, std::optional<std::uint32_t> herd,
                           Problems& problems) const;
  // Of every herd: that all its servers stand somewhere, and that there are several.
  void check_positions(const JsonNode& node, Problems& problems) const;
  void check_many_servers(const JsonNode& node, Problems& problems) const;
  void check_client(const JsonNode& node, const std::string& id, Problems& problems) const;

 private:
  std::vector<std::string> herd_names() const;
  // Those of the herds concerned for which it is so.
  template <class Condition>
  std::vector<const HerdNames*> concerned(std::optional<std::uint32_t> herd,
                                          Condition condition) const;
};

}  // namespace sim
