// The design that a herd replaces, as a herd of a live run: front ends that share nothing except
// one central database. The database is a PostgreSQL of the run's own and stands at the first
// server's site. The herd's links form a star around it; they are the network between the other
// front ends and the database.
//
// A fault of a server stops its front end: the database lives on. A fault of a link separates its
// front end from the database. The run's thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/record_store.h"
#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/process/process_usage.h"
#include "sim/engines/central/database_link.h"
#include "sim/engines/central/front_end.h"
#include "sim/engines/central/postgres_server.h"
#include "sim/script/spec/adjacency.h"
#include "sim/worlds/live/hosted_herd.h"
#include "sim/worlds/live/live_limits.h"
#include "sim/worlds/live/server_logs.h"
#include "sim/worlds/places/places_asker.h"
#include "sim/worlds/world/outside_observer.h"

namespace sim {

class CentralHerd final : public HostedHerd, private FrontEndObserver {
 public:
  struct Setup {
    const HerdSpec* spec = nullptr;  // of a central herd
    std::uint64_t seed = 1;
    LiveLimits limits;
    std::optional<PlacesAskerConfig> places;  // how its front ends ask; none: they do not ask
    std::string log_file;                     // for PostgreSQL's output; empty: not kept
    std::string keeper;                       // as in ManagedProcess
    std::function<void()> on_change;          // called when it may have become ready
    // Called if the herd cannot go on, for example because the database has ended. May also be
    // called while the herd stops.
    std::function<void(const Error&)> on_failure;
  };

  // The loop, clock, spec and observer must outlive the herd. The herd must be destroyed before the
  // loop, and the loop must not run in between.
  CentralHerd(IoLoop& loop, const RunClock& clock, OutsideObserver& observer, Setup setup);
  ~CentralHerd() override;

  // Makes the front ends and binds their ports. If the machine has no PostgreSQL, the error says
  // what to install.
  std::optional<Error> listen(const ServerLogs& logs);

  // HostedHerd
  const HerdSpec& spec() const override { return *setup_.spec; }
  void start() override;
  bool ready() const override;
  std::string missing() const override;
  std::chrono::milliseconds timeout() const override { return std::chrono::seconds(60); }
  sockaddr_storage address(std::uint32_t server) const override;
  void set_zero(herd::Instant zero) override;
  bool settled() const override;
  void stop(std::function<void()> gone) override;
  void apply(const Fault& fault) override;

  // The herd's parts, readable after stop().
  const FrontEnd& front_end(std::uint32_t server) const { return *front_ends_[server]; }
  const DatabaseLink& link(std::uint32_t link) const { return *links_[link]; }
  bool was_connected(std::uint32_t server) const { return was_connected_[server]; }
  // Returns the records that the database held at the end.
  const herd::RecordStore& records() const { return records_; }
  // Returns the CPU time that PostgreSQL used from time zero on, and the memory that it held at the
  // end.
  const ProcessUsage& usage() const { return usage_; }

 private:
  // Each fault's effect is a specialization; apply() does not compile without it.
  template <class Kind>
  void do_fault(const Kind& fault) = delete;
  // FrontEndObserver
  void report_stored(herd::ServerId server, const herd::RecordView& report, herd::Verdict verdict,
                     herd::Moment now) override;
  void report_in_doubt(herd::ServerId server, const herd::RecordView& report) override;
  void line_refused(herd::ServerId server, std::string_view line,
                    const herd::ParseError& error) override;
  void query_heard(herd::ServerId server, const herd::Whatsat& query) override;
  void database_up(herd::ServerId server, bool up, herd::Moment now) override;

  void database_ready();
  void read_records();
  void settle_doubts();
  // Returns the link of a server. Precondition: it is not the first server.
  std::uint32_t link_of(std::uint32_t server) const { return adjacency_[server][0].link; }
  std::uint32_t server_of(std::uint32_t link) const { return setup_.spec->links[link].second; }
  bool has_link(std::uint32_t server) const { return !adjacency_[server].empty() && server != 0; }

  IoLoop& loop_;
  const RunClock& clock_;
  OutsideObserver& observer_;
  Setup setup_;
  Adjacency adjacency_;
  AlarmClock alarms_;
  PostgresServer postgres_;
  std::vector<std::unique_ptr<DatabaseLink>> links_;   // by link
  std::vector<std::unique_ptr<FrontEnd>> front_ends_;  // by server
  std::vector<bool> was_connected_;                    // by server, at the end
  // The servers whose front ends died before they knew whether a report was stored, by the report's
  // AT line.
  std::unordered_map<std::string, herd::ServerId> in_doubt_;
  herd::RecordStore records_;
  ProcessUsage usage_;
  bool database_is_ready_ = false, stopping_ = false;
};

}  // namespace sim
