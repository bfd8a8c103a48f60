// The herds of a live run, whatever their servers are made of: makes each from its part of the
// scenario, with the plan of its clients and the recorder of what it does.
//
// The run's thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/engines/watch/outside_herd.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/recorder.h"
#include "sim/measure/metrics/shared_recorder.h"
#include "sim/run/live_run.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/event_names.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/live/hosted_herd.h"
#include "sim/worlds/live/places_host.h"
#include "sim/worlds/live/server_logs.h"

namespace sim {

class LiveHerds {
 public:
  // What the run is told of its herds; `herd` is the place in the scenario.
  struct Listener {
    std::function<void()> on_progress;  // a herd may have become ready
    std::function<void(const Error&)> on_failure;
    // The same if the run has no results then, even if it is ending already.
    std::function<void(const Error&)> on_loss;
    std::function<void(std::uint32_t herd, const std::string& note)> on_note;
    std::function<void(std::uint32_t herd, EventName event, const std::string& detail)> on_event;
  };

  // All must outlive the herds.
  LiveHerds(const Scenario& scenario, const LiveRunOptions& options, IoLoop& loop,
            const RunClock& clock, Listener listener);

  // Plans what the clients of each herd do, and allows the process the descriptors for all of it.
  std::optional<Error> make_plans();
  // Makes the herds after their plans; none is started. `places`: the run's own providers, or null.
  std::optional<Error> make(const PlacesHost* places);

  std::size_t size() const { return hosted_.size(); }
  std::vector<std::unique_ptr<HostedHerd>>& hosted() { return hosted_; }
  HostedHerd& operator[](std::size_t herd) { return *hosted_[herd]; }
  const Plan& plan(std::size_t herd) const { return *plans_[herd]; }
  Recorder& recorder(std::size_t herd) { return *recorders_[herd]; }
  // Returns null for a herd of our own servers.
  OutsideHerd* outside(std::size_t herd) const { return outsides_[herd]; }

  bool are_ready() const;
  // Returns what the herds still wait for, in words.
  std::string missing() const;
  // Returns how long they may take to become ready.
  std::chrono::milliseconds timeout() const;
  // Returns whether no message is in flight between the herd's servers, and no repair is in
  // progress. May end the run, if the herd finds that it has failed.
  bool is_quiet(std::size_t herd);
  // Returns the processor time of the threads that the herds have beside the run's, in seconds.
  double own_threads_cpu_s() const;
  // Fills in what the herd knows of its outcome. Precondition: it has stopped.
  void report(std::size_t herd, HerdOutcome& outcome) const { reports_[herd](outcome); }

 private:
  std::optional<Error> add_native(std::uint32_t herd, const std::string& secret,
                                  const ServerLogs& logs);
  std::optional<Error> add_central(std::uint32_t herd, const ServerLogs& logs);
  std::optional<Error> add_external(std::uint32_t herd, const std::string& secret);
  std::optional<Error> add_served(std::uint32_t herd);
  template <class NativeHerd>
  std::optional<Error> host(std::unique_ptr<NativeHerd> herd, const ServerLogs& logs);
  void add_outside(std::uint32_t herd, std::unique_ptr<OutsideHerd> outside);
  // Sets how the herd's servers ask Places. Leaves `places` empty if there is no provider to ask.
  std::optional<Error> set_places(std::uint32_t herd, std::optional<PlacesAskerConfig>& places);
  std::function<void(const std::string&)> notes_of(std::uint32_t herd) const;

  const Scenario& scenario_;
  const LiveRunOptions& options_;
  IoLoop& loop_;
  const RunClock& clock_;
  const Listener listener_;
  const PlacesHost* places_ = nullptr;
  std::vector<std::unique_ptr<Plan>> plans_;
  std::vector<std::unique_ptr<Recorder>> recorders_;
  std::vector<std::unique_ptr<SharedRecorder>> shared_;  // for herds on several loops
  std::vector<std::unique_ptr<HostedHerd>> hosted_;
  std::vector<OutsideHerd*> outsides_;                      // by herd; null for other herds
  std::vector<std::function<void(HerdOutcome&)>> reports_;  // by herd
};

}  // namespace sim
