#include "sim/measure/metrics/side_traffic.h"

namespace sim {

std::uint32_t SideTraffic::peer_at(std::uint32_t end) const {
  const std::uint32_t direction = ends_.direction_from(end);
  const LinkSpec& link = spec_.links[direction / 2];
  return direction % 2 == 0 ? link.second : link.first;
}

DirectionCounts& SideTraffic::rare(std::uint32_t direction) {
  if (rare_.empty()) rare_.resize(ends_.size());
  return rare_[direction];
}

void SideTraffic::batch_sent(herd::ServerId server, herd::NeighborId to, std::size_t records,
                             herd::Moment) {
  DirectionCounts& counts = rare_from(server, to);
  ++counts.batches;
  counts.in_batches += records;
}

void SideTraffic::update_replaced(herd::ServerId server, herd::NeighborId to, herd::Moment) {
  ++rare_from(server, to).replaced;
}

void SideTraffic::update_suppressed(herd::ServerId server, herd::NeighborId to, herd::Moment) {
  ++rare_from(server, to).suppressed;
}

void SideTraffic::summary_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                               herd::Moment) {
  rare_from(server, to).summary_bytes += bytes;
}

void SideTraffic::control_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                               herd::Moment) {
  DirectionCounts& counts = rare_from(server, to);
  ++counts.control_lines;
  counts.control_bytes += bytes;
  if (controls_to_.empty()) controls_to_.resize(ends_.size());
  const std::uint32_t end = ends_.other(ends_.end(server, to));
  set_controls_to(end, controls_to_[end] + 1);
}

void SideTraffic::control_received(herd::ServerId server, herd::NeighborId from, herd::Moment) {
  const std::uint32_t end = ends_.end(server, from);
  // A neighbour outside this process may say what nobody counted.
  if (controls_to_.empty() || controls_to_[end] == 0) return;
  set_controls_to(end, controls_to_[end] - 1);
}

void SideTraffic::set_controls_to(std::uint32_t end, std::uint32_t count) {
  const std::uint64_t all = controls_.load(std::memory_order_relaxed) - controls_to_[end] + count;
  controls_to_[end] = count;
  controls_.store(all, std::memory_order_relaxed);
}

void SideTraffic::tree_changed(herd::ServerId server, herd::NeighborId neighbor,
                               std::string_view root, herd::TreeEdge edge, herd::Moment now) {
  if (level_ != RecordLevel::kDeliveries) return;
  if (server_numbers_.empty()) {
    for (std::uint32_t i = 0; i < spec_.servers.size(); ++i) {
      server_numbers_.emplace(spec_.servers[i].name, i);
    }
  }
  const auto found = server_numbers_.find(root);
  tree_changes_.push_back({now.run, server.value, peer_at(ends_.end(server, neighbor)),
                           found == server_numbers_.end() ? kNoIndex : found->second, edge});
}

}  // namespace sim
