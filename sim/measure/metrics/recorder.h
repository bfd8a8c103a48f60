// Counts what one herd's servers decide, as they decide it. Follows every AT line from the link's
// one end to its other, in the order that TCP keeps, so that each arrival is known to be this
// update's, with its hops, and each loss is known too.
//
// A message costs it one cache line of its link's direction when it is sent, the same one when it
// is received, and what is kept of its update. See link_flow.h and holdings.h for the memory.
//
// One thread, the herd's, or several one after the other: see shared_recorder.h. in_flight() and
// messages() may be read from any. Times are the world's own, until rows are made of them.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/measure/figures/latency_tally.h"
#include "sim/measure/metrics/applied_set.h"
#include "sim/measure/metrics/holdings.h"
#include "sim/measure/metrics/link_ends.h"
#include "sim/measure/metrics/link_flow.h"
#include "sim/measure/metrics/recorder_logs.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/world/outside_observer.h"
#include "sim/worlds/world/report_prefetch.h"

namespace sim {

class Recorder final : public OutsideObserver, public ReportPrefetch {
 public:
  // The update whose handling is under way: what is sent now is sent because of it.
  struct Current {
    std::uint32_t update = kNoIndex;
    std::uint32_t hops = 0;
    std::uint32_t end = kNoIndex;  // where it came in; kNoIndex: from a client
  };

  // Clients are known by the plan's numbers for its subjects. What is kept of each delivery: at
  // kDeliveries a DeliveryLog, at kUpdates its latency, at kSummary nothing.
  Recorder(const HerdSpec& spec, const Plan& plan, RecordLevel level);

  // What was in flight is lost, and every link's down time ends.
  void finish(herd::Instant now);

  // Where one of several threads that tell of updates in turn has got to, so that it can go on.
  const Current& current() const { return current_; }
  void resume(const Current& current) { current_ = current; }

  // OutsideObserver
  void server_stopped(herd::ServerId server, herd::Instant now) override;
  void server_started(herd::ServerId server, herd::Instant now) override;

  void message_carried(herd::ServerId server, herd::NeighborId from, InFlight message,
                       const herd::RecordView& report, herd::Verdict verdict,
                       herd::Moment now) override;
  void message_lost(herd::ServerId server, herd::NeighborId from, InFlight message) override;
  void found_at(herd::ServerId server, std::uint32_t update, herd::Moment now) override;
  void update_committed(herd::ServerId server, const herd::RecordView& report,
                        herd::Verdict verdict, herd::Moment now) override;
  std::uint32_t accepted_count() const override {
    return static_cast<std::uint32_t>(accepted_.size());
  }

  // ReportPrefetch
  void prefetch_report(herd::ServerId server, herd::NeighborId from, int step) const override;

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
  void link_synchronized(herd::ServerId server, herd::NeighborId neighbor,
                         herd::Moment now) override;
  void link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void line_refused(herd::ServerId server, std::string_view line, const herd::ParseError& error,
                    bool on_link) override;
  void query_heard(herd::ServerId server, const herd::Whatsat& query) override;

  std::uint64_t in_flight() const {
    const std::uint64_t gone = gone_.load(std::memory_order_acquire);  // never more than were sent
    return messages_.load(std::memory_order_relaxed) - gone;
  }
  std::uint64_t messages() const { return messages_.load(std::memory_order_relaxed); }

  const std::vector<AcceptedUpdate>& accepted() const { return accepted_; }
  // What the herd orders an accepted update by first.
  herd::PosixNs order_time(std::uint32_t update) const {
    return server_times_.empty() ? accepted_[update].time_ns : server_times_[update];
  }
  const std::vector<SupersededUpdate>& superseded() const { return superseded_; }
  const std::vector<DeliveryLog>& deliveries() const { return deliveries_; }
  std::uint64_t delivery_count() const;
  // Of the deliveries' latencies, by nearest rank, one for each part of 100; at kSummary as exact
  // as a LatencyTally is.
  std::vector<std::optional<Duration>> delivery_percentiles(
      std::initializer_list<std::uint32_t> parts) const;
  // Made by the call, as directions() are.
  std::vector<ServerCounts> servers() const;
  // When the server last came back from the dead; none: it never died.
  std::optional<herd::Instant> last_start(std::uint32_t server) const {
    return last_start_[server];
  }
  // In the order in which it happened; whatever the level.
  const std::deque<HoldingLog>& holdings() const { return holdings_.log(); }
  // Of link l: 2l is from its first server to its second, 2l + 1 the other way.
  std::vector<DirectionCounts> directions() const;
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
  struct Link {
    std::uint8_t ends_up = 0, ends_synchronized = 0;
    bool other_to_come = false;               // one end is up, and the other has yet to hear of it
    std::optional<herd::Instant> down_since;  // once it has been up
    Duration down{0};
  };
  // What counts as lost with a connection of which its receiver has yet to hear.
  struct PerhapsLost {
    std::uint32_t end = 0;  // the receiver's
    std::vector<InFlight> messages;
  };

  std::uint32_t subject_number(std::string_view client);
  // The number of an update that is accepted now.
  std::uint32_t accept(herd::ServerId server, std::uint32_t subject, const herd::RecordView& report,
                       herd::Moment now);
  void hold(herd::ServerId server, Holding holding, herd::Moment now);
  void put_on_link(std::uint32_t end, InFlight message);
  // Applied at the server; `from`: the neighbour, a place in HerdSpec::servers, if it is known.
  void deliver(herd::ServerId server, InFlight arrived, std::uint32_t from, herd::Moment now);
  // The server at the other end.
  std::uint32_t peer_at(std::uint32_t end) const;
  // Prefetches what is kept of the links, which sending will need.
  void prefetch_sending(herd::ServerId server) const;
  void note_topology(AcceptedUpdate& update);
  std::uint32_t current_topology();
  void links_changed();
  // Of what comes in at an end.
  void lose(std::uint32_t end);
  void find_again(std::uint32_t end);
  std::vector<InFlight> take_perhaps_lost(std::uint32_t end);
  // What is rare, by direction.
  DirectionCounts& rare(std::uint32_t direction);
  void change_gone(std::uint64_t by);
  void violation(herd::ServerId server, const std::string& what);

  const HerdSpec& spec_;
  const RecordLevel level_;
  LinkEnds ends_;
  std::vector<LinkFlow> flows_;  // by the end that a flow comes in at
  std::vector<AcceptedUpdate> accepted_;
  std::vector<herd::PosixNs> server_times_;  // of a herd by server time: by accepted update
  Current current_;
  // The links' state now, where every link is up; kNoIndex where one is not, or where no update has
  // been accepted since one came or went.
  std::uint32_t calm_topology_ = kNoIndex;
  std::atomic<std::uint64_t> messages_{0};
  std::atomic<std::uint64_t> gone_{0};  // of these: what was received or lost
  Holdings holdings_;
  AppliedSet applied_;
  LatencyTally tally_;               // at kSummary
  std::vector<Duration> latencies_;  // at kUpdates
  std::vector<DeliveryLog> deliveries_;
  std::vector<std::string> subjects_;
  std::unordered_map<std::string_view, std::uint32_t> subject_numbers_;  // keys: in names_
  std::deque<std::string> names_;
  std::vector<SupersededUpdate> superseded_;
  std::vector<ServerCounts> servers_;  // but for what the flows tell
  std::vector<DirectionCounts> rare_;  // by direction, but for what the flows tell; empty: nothing
  std::vector<PerhapsLost> perhaps_lost_;
  std::vector<Link> links_;
  std::vector<std::vector<bool>> topologies_;
  bool topology_changed_ = true;
  std::uint32_t links_not_up_;
  std::uint32_t links_half_up_ = 0;  // proven at one end only: a moment of its coming or going
  std::uint64_t link_drops_ = 0;
  std::vector<LinkChange> link_changes_;
  std::vector<std::optional<herd::Instant>> last_start_;  // by server
  std::vector<std::string> violations_;
  std::uint64_t violation_count_ = 0;
};

}  // namespace sim
