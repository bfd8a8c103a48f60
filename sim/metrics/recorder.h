// Counts what one herd's servers decide, as they decide it. Follows every AT line from the link's
// one end to its other, in the order that TCP keeps, so that each arrival is known to be this
// update's, with its hops, and each loss is known too.
//
// One thread, the herd's; in_flight() and messages() may be read from any. Times are the world's
// own, until rows are made of them.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/observer.h"
#include "sim/metrics/applied_set.h"
#include "sim/metrics/holdings.h"
#include "sim/metrics/recorder_logs.h"
#include "sim/metrics/ring_queue.h"
#include "sim/plan/plan.h"
#include "sim/scenario/adjacency.h"
#include "sim/scenario/scenario.h"

namespace sim {

class Recorder final : public herd::Observer {
 public:
  // Clients are known by the plan's numbers for its subjects. `keep_deliveries`: keep a DeliveryLog
  // for each delivery, and not only its latency.
  Recorder(const HerdSpec& spec, const Plan& plan, bool keep_deliveries);

  // What was in flight is lost, and every link's down time ends.
  void finish(herd::Instant now);

  // The server has died, and has lost what it held; its own links' ends were told to be down
  // before. And it is back, knowing nothing.
  void server_stopped(herd::ServerId server, herd::Instant now);
  void server_started(herd::ServerId server, herd::Instant now);

  // herd::Observer
  void update_heard(herd::ServerId server, const herd::RecordView& report, herd::Verdict verdict,
                    herd::Moment now) override;
  void update_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override;
  void update_received(herd::ServerId server, herd::NeighborId from, const herd::RecordView& report,
                       herd::Verdict verdict, herd::Moment now) override;
  void repair_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override;
  void summary_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                    herd::Moment now) override;
  void link_in_step(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void line_refused(herd::ServerId server, std::string_view line, const herd::ParseError& error,
                    bool on_link) override;
  void query_heard(herd::ServerId server, const herd::Whatsat& query) override;

  std::uint64_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }
  std::uint64_t messages() const { return messages_.load(std::memory_order_relaxed); }

  const std::vector<AcceptedUpdate>& accepted() const { return accepted_; }
  const std::vector<SupersededUpdate>& superseded() const { return superseded_; }
  const std::vector<DeliveryLog>& deliveries() const { return deliveries_; }
  const std::vector<Duration>& delivery_latencies() const { return latencies_; }
  const std::vector<ServerCounts>& servers() const { return servers_; }
  // When the server last came back from the dead; none: it never died.
  std::optional<herd::Instant> last_start(std::uint32_t server) const {
    return last_start_[server];
  }
  // In the order in which it happened; whatever `keep_deliveries`.
  const std::deque<HoldingLog>& holdings() const { return holdings_.log(); }
  // Of link l: 2l is from its first server to its second, 2l + 1 the other way.
  const std::vector<DirectionCounts>& directions() const { return directions_; }
  Duration link_down_time(std::uint32_t link) const { return links_[link].down; }
  std::uint64_t link_drops() const { return link_drops_; }
  const std::vector<LinkChange>& link_changes() const { return link_changes_; }
  // The plan's subjects, then whatever else was heard of.
  const std::vector<std::string>& subjects() const { return subjects_; }
  // Which links were up, each time that this changed while updates were made; by
  // AcceptedUpdate::topology.
  const std::vector<std::vector<bool>>& topologies() const { return topologies_; }
  // Promises that were broken as it happened, in words; at most the first hundred.
  const std::vector<std::string>& violations() const { return violations_; }
  std::uint64_t violation_count() const { return violation_count_; }

 private:
  struct InFlight {
    std::uint32_t update = 0;
    std::uint32_t hops = 0;
    bool echo = false;  // on its way back to where its sender had it from
  };
  struct Link {
    int ends_up = 0, ends_in_step = 0;
    bool other_to_come = false;               // one end is up, and the other has yet to hear of it
    std::optional<herd::Instant> down_since;  // once it has been up
    Duration down{0};
  };
  // The update whose handling is under way: what is sent now is sent because of it.
  struct Current {
    std::uint32_t update = kNoIndex;
    std::uint32_t hops = 0;
    std::optional<herd::NeighborId> from;
  };

  const Adjacent& adjacent(herd::ServerId server, herd::NeighborId neighbor) const {
    return adjacency_[server.value][neighbor.value];
  }
  static std::size_t outgoing(const Adjacent& a) {
    return std::size_t{2} * a.link + (a.dials ? 0 : 1);
  }
  static std::size_t incoming(const Adjacent& a) {
    return std::size_t{2} * a.link + (a.dials ? 1 : 0);
  }
  std::uint32_t subject_number(std::string_view client);
  void hold(herd::ServerId server, Holding holding, herd::Moment now);
  void put_on_link(herd::ServerId server, const Adjacent& link, const herd::RecordView& report,
                   InFlight message);
  void note_topology(AcceptedUpdate& update);
  std::uint32_t current_topology();
  void lose(std::size_t direction);
  void find_again(std::size_t direction);
  void change_in_flight(std::int64_t by);
  void violation(herd::ServerId server, const std::string& what);

  const HerdSpec& spec_;
  Adjacency adjacency_;
  bool keep_deliveries_;
  std::vector<std::string> subjects_;
  std::unordered_map<std::string_view, std::uint32_t> subject_numbers_;  // keys: in names_
  std::deque<std::string> names_;
  std::vector<AcceptedUpdate> accepted_;
  std::vector<SupersededUpdate> superseded_;
  std::vector<DeliveryLog> deliveries_;
  std::vector<Duration> latencies_;
  std::vector<ServerCounts> servers_;
  std::vector<DirectionCounts> directions_;
  std::vector<RingQueue<InFlight>> lines_;  // by direction: what is under way on it
  // By direction: what counts as lost with a connection of which its receiver has yet to hear.
  std::vector<RingQueue<InFlight>> perhaps_lost_;
  std::vector<Link> links_;
  std::vector<std::vector<bool>> topologies_;
  bool topology_changed_ = true;
  std::uint32_t links_not_up_;
  std::uint32_t links_half_up_ = 0;  // proven at one end only: a moment of its coming or going
  std::uint64_t link_drops_ = 0;
  std::vector<LinkChange> link_changes_;
  Holdings holdings_;
  AppliedSet applied_;
  std::vector<std::optional<herd::Instant>> last_start_;  // by server
  Current current_;
  std::vector<std::string> violations_;
  std::uint64_t violation_count_ = 0;
  std::atomic<std::uint64_t> in_flight_{0}, messages_{0};
};

}  // namespace sim
