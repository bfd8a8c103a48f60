// The names of a scenario's herds and clients, for the parts that refer to them. If the part that
// gives names has problems of its own, no name counts as missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sim/script/read/json_value.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// A herd as read. Parts that are not known had problems, which are reported.
struct HerdRead {
  HerdSpec spec;
  bool servers_known = false;
  bool positions_known = false;  // of those servers that have one
  bool links_known = false;
  bool places_known = false;       // at least their provider
  bool keep_alive_is_set = false;  // by the scenario
};

// One herd's servers and links, each found at once.
class HerdNames {
 public:
  explicit HerdNames(const HerdRead& herd);

  const std::string& herd() const { return herd_; }
  std::optional<std::uint32_t> server(const std::string& name) const;
  const std::vector<std::string>& servers() const { return servers_; }
  bool servers_known() const { return servers_known_; }
  // Returns the link between two servers, in either order, by its place in the herd's list.
  std::optional<std::uint32_t> link(std::uint32_t a, std::uint32_t b) const;
  // Returns the first server without a position, if all positions are known.
  const std::optional<std::string>& server_without_position() const { return without_position_; }

  // These return true unless it is known to be false.
  bool may_have_link(const std::string& a, const std::string& b) const;
  bool may_have_links() const { return may_have_links(1); }
  bool may_have_links(std::size_t count) const { return !links_known_ || links_.size() >= count; }
  bool may_have_embedded_places() const { return may_have_embedded_places_; }
  bool is_served_elsewhere() const { return is_served_elsewhere_; }
  // Whether the program can cut and change its links, and stop each of its servers.
  bool reaches_links() const { return reaches_links_; }
  bool reaches_servers() const { return reaches_servers_; }
  bool may_have_many_servers() const { return !servers_known_ || servers_.size() > 1; }
  // Whether there are links between servers of different groups. Servers that no group names are
  // one group.
  bool may_be_cut(const std::vector<std::vector<std::string>>& groups) const;

 private:
  std::string herd_;
  bool servers_known_, links_known_, may_have_embedded_places_;
  bool is_served_elsewhere_, reaches_links_, reaches_servers_;
  std::vector<std::string> servers_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
  struct Link {
    std::uint64_t key = 0;    // of its two servers
    std::uint32_t index = 0;  // in the herd's list
  };
  std::span<const std::uint32_t> neighbors_of(std::uint32_t server) const;

  std::vector<Link> links_;  // by key
  // The servers that each server is linked to; made when they are first asked for.
  mutable std::vector<std::uint32_t> first_neighbor_;  // by server, in neighbors_
  mutable std::vector<std::uint32_t> neighbors_;
  std::optional<std::string> without_position_;
};

struct Names {
  std::vector<HerdNames> herds;
  bool herds_known = false;
  std::unordered_set<std::string> clients;
  bool clients_known = false;

  // Returns the herd of that name; reports a name that no herd has.
  std::optional<std::uint32_t> find_herd(const JsonNode& node, const std::string& name,
                                         Problems& problems) const;
  // Report a name that the herd does not have; without a herd, one that any of them does not have.
  // check_server() returns true if all of them have it.
  bool check_server(const JsonNode& node, const std::string& name,
                    std::optional<std::uint32_t> herd, Problems& problems) const;
  void check_link(const JsonNode& node, const std::string& a, const std::string& b,
                  std::optional<std::uint32_t> herd, Problems& problems) const;
  void check_links(const JsonNode& node, std::optional<std::uint32_t> herd,
                   Problems& problems) const;
  void check_link_count(const JsonNode& node, std::uint32_t links,
                        std::optional<std::uint32_t> herd, Problems& problems) const;
  void check_cut(const JsonNode& node, const std::vector<std::vector<std::string>>& groups,
                 std::optional<std::uint32_t> herd, Problems& problems) const;
  void check_embedded_places(const JsonNode& node, std::optional<std::uint32_t> herd,
                             Problems& problems) const;
  // Returns whether servers and links of the herds concerned are this run's own, so that anything
  // can be done to them. Reports it if not.
  bool check_not_elsewhere(const JsonNode& node, std::optional<std::uint32_t> herd,
                           Problems& problems) const;
  // Check that faults of links, and of single servers, can be made in the herds concerned.
  void check_link_faults(const JsonNode& node, std::optional<std::uint32_t> herd,
                         Problems& problems) const;
  void check_server_faults(const JsonNode& node, std::optional<std::uint32_t> herd,
                           Problems& problems) const;
  // Check for every herd that all its servers have positions, and that it has several servers.
  void check_positions(const JsonNode& node, Problems& problems) const;
  void check_many_servers(const JsonNode& node, Problems& problems) const;
  void check_client(const JsonNode& node, const std::string& id, Problems& problems) const;

 private:
  std::vector<std::string> herd_names() const;
  // Returns the herds concerned for which the condition holds.
  template <class Condition>
  std::vector<const HerdNames*> concerned(std::optional<std::uint32_t> herd,
                                          Condition condition) const;
};

}  // namespace sim
