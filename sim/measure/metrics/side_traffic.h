// Counts what a herd's links carry beside the messages of floods, and what waited for a link in
// vain: summaries, lines of the propagation scheme, batches, replaced and dropped records. Keeps
// the log of the trees. None of this happens for each message of a flood.
//
// The base of Recorder, which says which threads may call it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/measure/metrics/link_ends.h"
#include "sim/measure/metrics/recorder_logs.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/world/outside_observer.h"

namespace sim {

class SideTraffic : public OutsideObserver {
 public:
  SideTraffic(const HerdSpec& spec, RecordLevel level) : spec_(spec), level_(level), ends_(spec) {}

  // herd::Observer
  void batch_sent(herd::ServerId server, herd::NeighborId to, std::size_t records,
                  herd::Moment now) override;
  void update_replaced(herd::ServerId server, herd::NeighborId to, herd::Moment now) override;
  void update_suppressed(herd::ServerId server, herd::NeighborId to, herd::Moment now) override;
  void summary_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                    herd::Moment now) override;
  void control_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                    herd::Moment now) override;
  void control_received(herd::ServerId server, herd::NeighborId from, herd::Moment now) override;
  void tree_changed(herd::ServerId server, herd::NeighborId neighbor, std::string_view root,
                    herd::TreeEdge edge, herd::Moment now) override;

  // At kDeliveries only.
  const std::vector<TreeChange>& tree_changes() const { return tree_changes_; }

 protected:
  // Returns the server at the other endpoint.
  std::uint32_t peer_at(std::uint32_t end) const;
  // Returns the counts of a direction that only rare events change.
  DirectionCounts& rare(std::uint32_t direction);
  // Returns the same for the direction that leaves a server's endpoint.
  DirectionCounts& rare_from(herd::ServerId server, herd::NeighborId to) {
    return rare(ends_.direction_from(ends_.end(server, to)));
  }
  // Returns the number of lines of the scheme that are in flight. Any thread may call it.
  std::uint64_t controls_in_flight() const { return controls_.load(std::memory_order_relaxed); }
  // The lines of the scheme that are in flight towards an endpoint are lost.
  void lose_controls(std::uint32_t end) {
    if (!controls_to_.empty()) set_controls_to(end, 0);
  }

  const HerdSpec& spec_;
  const RecordLevel level_;
  const LinkEnds ends_;
  std::vector<DirectionCounts> rare_;  // by direction; empty: all 0

 private:
  void set_controls_to(std::uint32_t end, std::uint32_t count);

  std::atomic<std::uint64_t> controls_{0};
  std::vector<std::uint32_t> controls_to_;  // in flight, by endpoint; empty: none so far
  std::vector<TreeChange> tree_changes_;
  std::unordered_map<std::string_view, std::uint32_t> server_numbers_;  // for tree_changes_
};

}  // namespace sim
