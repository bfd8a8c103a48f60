// Counts the decisions of one herd's servers as they make them. Follows every AT line from one
// endpoint of its link to the other, in the order that TCP keeps. So it knows the update and the
// hops of each message that arrives, and which messages are lost.
//
// A message needs one cache line of its link's direction when it is sent, the same cache line when
// it is received, and the data of its update. link_flow.h and holdings.h describe the memory.
//
// One thread at a time may call it: the herd's thread, or several threads in turn
// (shared_recorder.h). Any thread may call in_flight() and messages(). Times are the world's own
// until rows are made from them.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim/base/huge_pages.h"
#include "sim/measure/metrics/accepted_log.h"
#include "sim/measure/metrics/delivery_latencies.h"
#include "sim/measure/metrics/holdings.h"
#include "sim/measure/metrics/link_flow.h"
#include "sim/measure/metrics/message_log.h"
#include "sim/measure/metrics/recorder_logs.h"
#include "sim/measure/metrics/server_maps.h"
#include "sim/measure/metrics/side_traffic.h"
#include "sim/measure/metrics/subject_numbers.h"
#include "sim/measure/metrics/timeline_bins.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/world/report_prefetch.h"

namespace sim {

class Recorder final : public SideTraffic, public ReportPrefetch {
 public:
  // The update that is being handled: the messages that are sent now are sent because of it.
  struct Current {
    std::uint32_t update = kNoIndex;
    std::uint32_t hops = 0;
    std::uint32_t end = kNoIndex;  // the endpoint at which it arrived; kNoIndex: from a client
  };

  // Clients have the plan's numbers of its subjects. For each delivery the Recorder keeps a
  // DeliveryLog at kDeliveries, the latency at kUpdates, and nothing at kSummary. At kSummary it
  // packs the updates that are not new any more.
  Recorder(const HerdSpec& spec, const Plan& plan, RecordLevel level);

  // Chooses the updates whose messages are logged; before begin(). By default there are none.
  void choose(MessageChoice choice) { log_.choose(std::move(choice)); }
  // Begins the timeline and the log of messages at time zero, before the first update. `base` is
  // the client time of time zero.
  void begin(herd::Instant zero, Duration script, const Plan& plan, herd::PosixNs base) {
    bins_.begin(zero, script);
    log_.begin(plan, base);
  }
  // Counts messages still in flight as lost, and ends the down time of every link.
  void finish(herd::Instant now);

  // Get and set the update that one of several threads handles. Threads that report in turn need
  // this to continue.
  const Current& current() const { return current_; }
  void resume(const Current& current) { current_ = current; }

  // OutsideObserver
  void server_stopped(herd::ServerId server, herd::Instant now) override;
  void server_started(herd::ServerId server, herd::Instant now) override;
  void front_end_stopped(herd::ServerId server, herd::Instant now) override {
    server_changes_.push_back({now, server.value, false});
  }

  void message_carried(herd::ServerId server, herd::NeighborId from, InFlight message,
                       herd::Instant sent, const herd::RecordView& report, herd::Verdict verdict,
                       herd::Moment now) override;
  void message_lost(herd::ServerId server, herd::NeighborId from, InFlight message,
                    herd::Instant sent, herd::Moment now) override;
  void found_at(herd::ServerId server, std::uint32_t update, herd::Moment now, bool dated) override;
  void acceptance_undated(std::uint32_t update) override {
    accepted_.change(update).undated = true;
    all_dated_ = false;
  }
  void update_committed(herd::ServerId server, const herd::RecordView& report,
                        herd::Verdict verdict, herd::Moment now) override;
  std::uint32_t accepted_count() const override { return accepted_.size(); }

  // ReportPrefetch
  std::uint32_t counts_of(herd::ServerId server, herd::NeighborId from) const override {
    return ends_.end(server, from);
  }
  void prefetch_report(herd::ServerId server, std::uint32_t counts) const override {
    herd::prefetch_memory<herd::Access::kWrite>(&flows_[counts]);
    ends_.prefetch_first(server);
  }
  void prefetch_news(herd::ServerId server, std::uint32_t counts) const override;
  void prefetch_sending(herd::ServerId server) const override;

  // herd::Observer
  void update_heard(herd::ServerId server, const herd::RecordView& report, herd::Verdict verdict,
                    herd::Moment now) override;
  void update_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override;
  void update_relayed(herd::ServerId server, std::span<const herd::NeighborId> to,
                      const herd::RecordView& report, herd::Moment now) override;
  void update_received(herd::ServerId server, herd::NeighborId from, const herd::RecordView& report,
                       herd::Verdict verdict, herd::Moment now) override;
  void repair_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override;
  void update_dropped(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                      herd::Moment now) override;
  void map_changed(herd::ServerId server, std::uint64_t map, herd::Moment now) override;
  void link_synchronized(herd::ServerId server, herd::NeighborId neighbor,
                         herd::Moment now) override;
  void link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void line_refused(herd::ServerId server, std::string_view line, const herd::ParseError& error,
                    bool on_link) override;
  void query_heard(herd::ServerId server, const herd::Whatsat& query) override;

  // Returns the number of messages, and of lines of the propagation scheme, on links.
  std::uint64_t in_flight() const {
    // Reads this first, so that the difference is never negative.
    const std::uint64_t gone = gone_.load(std::memory_order_acquire);
    return messages_.load(std::memory_order_relaxed) - gone + controls_in_flight();
  }
  std::uint64_t messages() const { return messages_.load(std::memory_order_relaxed); }

  const AcceptedLog& accepted() const { return accepted_; }
  // Returns the first criterion by which the herd orders an accepted update: its client time, or
  // its server time.
  herd::PosixNs order_time(std::uint32_t update) const {
    return server_times_.empty() ? accepted_.time_ns(update) : server_times_[update];
  }
  // Returns whether the times of all acceptances and deliveries are known.
  bool all_dated() const { return all_dated_; }
  const std::vector<SupersededUpdate>& superseded() const { return superseded_; }
  const AheadReports& ahead() const { return ahead_; }
  const std::vector<DeliveryLog>& deliveries() const { return deliveries_; }
  std::uint64_t delivery_count() const;
  // Returns the percentiles of the deliveries' latencies, by nearest rank, one for each part of
  // 100. At kSummary they are as exact as a LatencyTally.
  std::vector<std::optional<Duration>> delivery_percentiles(
      std::initializer_list<std::uint32_t> parts) const;
  // Makes a new list in each call, as directions() does.
  std::vector<ServerCounts> servers() const;
  // Returns when the server last started after it was down; nullopt if it was never down.
  std::optional<herd::Instant> last_start(std::uint32_t server) const {
    return last_start_[server];
  }
  // Returns the log in order of time. It does not depend on the level.
  const HoldingTrail& holdings() const { return holdings_.log(); }
  // For link l, index 2l is the direction from its first server to its second, 2l + 1 the opposite
  // direction.
  std::vector<DirectionCounts> directions() const;
  Duration link_down_time(std::uint32_t link) const { return links_[link].down; }
  std::uint64_t link_drops() const { return link_drops_; }
  const std::vector<LinkChange>& link_changes() const { return link_changes_; }
  const ServerMaps& maps() const { return maps_; }
  const std::vector<ServerChange>& server_changes() const { return server_changes_; }
  // Call it after finish().
  const TimelineBins& bins() const { return bins_; }
  const MessageLog& message_log() const { return log_; }
  // At kDeliveries only.
  const std::vector<MissedMessage>& missed() const { return missed_; }
  const std::vector<MapChange>& map_changes() const { return map_changes_; }
  // Returns the plan's subjects, then the other clients that were heard of.
  const std::vector<std::string>& subjects() const { return subjects_.names(); }
  // Returns which links were up, indexed by AcceptedUpdate::topology. The first accepted update
  // after a change of the links adds an entry.
  const std::vector<std::vector<bool>>& topologies() const { return topologies_; }
  // Returns a sentence for each promise that was broken during the run; at most the first hundred.
  const std::vector<std::string>& violations() const { return violations_; }
  std::uint64_t violation_count() const { return violation_count_; }

 private:
  struct Link {
    std::uint8_t ends_up = 0, ends_synchronized = 0;
    bool other_to_come = false;               // one endpoint is up, the other not yet
    std::optional<herd::Instant> down_since;  // since when the link is down, if it was up before
    Duration down{0};
  };
  // Messages that count as lost with a connection, although their receiver has not learnt of it
  // yet.
  struct PerhapsLost {
    std::uint32_t end = 0;  // the receiver's endpoint
    herd::Instant at;       // when they were counted
    std::vector<InFlight> messages;
    MessageLog::Places logged;  // those of them that are logged
  };

  // Adds an update that a server accepts now. Returns its number.
  std::uint32_t accept(herd::ServerId server, std::uint32_t subject, const herd::RecordView& report,
                       herd::Moment now);
  void note_ahead(herd::ServerId server, std::uint32_t subject, const herd::RecordView& report,
                  herd::Verdict verdict, herd::Moment now);
  void hold(herd::ServerId server, std::uint32_t subject, Holding holding, herd::Moment now);
  // `end` is the sender's endpoint.
  void put_on_link(std::uint32_t end, InFlight message, herd::Instant now, bool repair = false);
  // Counts so many messages of an update that are put on links now.
  void count_sent(std::uint32_t update, std::uint32_t messages, herd::Instant now);
  void log_sent(std::uint32_t end, InFlight message, herd::Instant now, bool repair);
  // Returns whether the report has the client and the time of an update, whose number is given.
  bool is_report_of(const herd::RecordView& report, std::uint32_t number,
                    const AcceptedUpdate& update) const;
  static void count_duplicate(LinkFlow& flow, InFlight arrived, AcceptedUpdate& update,
                              BinCounts& bin) {
    ++update.duplicates;
    ++flow.duplicates;
    ++bin.duplicates;
    update.echoes += arrived.echo;
    flow.echoes += arrived.echo;
    bin.echoes += arrived.echo;
  }
  // Counts a message that is no duplicate and has arrived at `end`, by the server's verdict.
  // Returns its kind.
  MessageKind count_arrival(herd::ServerId server, std::uint32_t end, InFlight arrived,
                            AcceptedUpdate& update, herd::Verdict verdict, herd::Moment now);
  // Say which promise an AT line broke.
  void nobody_sent(herd::ServerId server, std::uint32_t end, const herd::RecordView& report);
  void not_as_sent(herd::ServerId server, std::uint32_t end, const herd::RecordView& report,
                   const AcceptedUpdate& update);
  // Counts an update that the server applies now. `update` is the one that `arrived` names, `end`
  // the endpoint at which it came, or kNoIndex if unknown. If the delivery is not `dated`, its
  // latency is not known. Returns false if the server applies it again.
  bool deliver(herd::ServerId server, InFlight arrived, AcceptedUpdate& update, std::uint32_t end,
               herd::Moment now, bool dated);
  // Returns the name of the server at the other endpoint.
  const std::string& peer_name(std::uint32_t end) const;
  void note_topology(AcceptedUpdate& update);
  std::uint32_t current_topology();
  void send(herd::ServerId server, herd::NeighborId to, const Current& sent, herd::Instant now);
  // Returns the update of a report that a server holds.
  Current held_by(herd::ServerId server, const herd::RecordView& report);
  void links_changed();
  // These concern the messages in flight towards an endpoint.
  void lose(std::uint32_t end, herd::Instant now, MissedWhy why = MissedWhy::kLost);
  // Keep a log of the messages that an endpoint missed.
  void miss(std::uint32_t end, std::uint32_t update, MissedWhy why);
  void unmiss(std::uint32_t end, std::uint32_t update);
  void find_again(std::uint32_t end);
  PerhapsLost take_perhaps_lost(std::uint32_t end);
  void change_gone(std::uint64_t by);
  // `what` makes the sentence. It is called only for the first hundred violations.
  template <class Words>
  void violation(herd::ServerId server, Words what);

  const bool sends_at_once_;    // each update within the input that brings it
  HugeVector<LinkFlow> flows_;  // by the endpoint at which the flow arrives
  AcceptedLog accepted_;
  std::vector<herd::PosixNs> server_times_;  // by accepted update, in a herd by server time
  Current current_;
  // The current topology if every link is up. kNoIndex if a link is not up, or if no update has
  // been accepted since the last change.
  std::uint32_t calm_topology_ = kNoIndex;
  std::atomic<std::uint64_t> messages_{0};
  std::atomic<std::uint64_t> gone_{0};  // of these: received or lost
  ServerMaps maps_;
  bool map_fits_ = true;  // the servers route by the map of the links, in the last topology
  Holdings holdings_;
  TimelineBins bins_;
  MessageLog log_;
  DeliveryLatencies latencies_;          // below kDeliveries
  std::vector<DeliveryLog> deliveries_;  // at kDeliveries
  bool all_dated_ = true;
  SubjectNumbers subjects_;
  std::vector<SupersededUpdate> superseded_;
  AheadReports ahead_;
  std::unordered_set<std::uint32_t> ahead_subjects_;
  std::vector<ServerCounts> servers_;  // without the counts that flows_ has
  std::vector<PerhapsLost> perhaps_lost_;
  std::vector<Link> links_;
  std::vector<std::vector<bool>> topologies_;
  bool topology_changed_ = true;
  std::uint32_t links_not_up_;
  // Up at one endpoint only, for a moment while they come up or go down.
  std::uint32_t links_half_up_ = 0;
  std::uint64_t link_drops_ = 0;
  std::vector<LinkChange> link_changes_;
  std::vector<ServerChange> server_changes_;
  std::vector<MissedMessage> missed_;
  std::vector<MapChange> map_changes_;
  std::vector<std::optional<herd::Instant>> last_start_;  // by server
  std::vector<std::string> violations_;
  std::uint64_t violation_count_ = 0;
};

}  // namespace sim
