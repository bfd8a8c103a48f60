#include "sim/run/virtual_run.h"

#include <uv.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/huge_heap.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/recorder.h"
#include "sim/measure/results/utc_now.h"
#include "sim/run/clients/fleet.h"
#include "sim/run/director.h"
#include "sim/run/gather_results.h"
#include "sim/run/thread_cpu.h"
#include "sim/script/spec/limits.h"
#include "sim/worlds/net/access_links.h"
#include "sim/worlds/virtual/virtual_client_world.h"
#include "sim/worlds/virtual/virtual_herd.h"
#include "sim/worlds/virtual/virtual_herd_world.h"
#include "sim/worlds/virtual/virtual_loop.h"

namespace sim {
namespace {

// Handlers of the loop: the herd, its pipes, its clients, and the tasks of its servers, of Places
// and of the clients.
constexpr std::size_t kHandlersOfHerd = 6;
static_assert(kMaxHerds * kHandlersOfHerd < VirtualEvent::kMaxHandler);
constexpr Duration kSetUp = std::chrono::seconds(20);  // the time limit for all links and clients
constexpr Duration kTick = std::chrono::milliseconds(2);  // interval of checks while the run drains
// The memory of one server in small blocks, if a hundred clients are known everywhere.
constexpr std::size_t kHeapOfServer = 2048;
constexpr std::uint64_t kLookUpEvery = 1024;  // events between two checks

class VirtualRun {
 public:
  VirtualRun(const Scenario& scenario, const VirtualRunOptions& options)
      : scenario_(scenario),
        options_(options),
        world_(loop_, herds_),
        faults_(plan_all_faults(scenario)),
        director_(scenario, faults_, world_, [this] { script_ended_ = true; }) {}

  herd::Result<RunResults, Error> run() {
    results_.start = utc_now();
    if (auto error = make_herds()) return *error;
    if (auto error = bring_links_up()) return *error;
    if (auto error = connect_clients()) return *error;
    begin();
    play();
    drain();
    if (failure_) return *failure_;
    finish();
    return std::move(results_);
  }

 private:
  // The number of updates that a herd has accepted, and of messages that it has sent.
  struct Traffic {
    std::uint64_t accepted = 0, messages = 0;
    friend bool operator==(const Traffic&, const Traffic&) = default;
  };
  struct Herd {
    std::unique_ptr<Plan> plan;
    std::unique_ptr<Recorder> recorder;
    std::unique_ptr<VirtualClientWorld> world;
    std::unique_ptr<Fleet> fleet;
    std::optional<Traffic> rested_at;  // when the herd was last found at rest
  };

  std::optional<Error> make_herds() {
    if (scenario_.herds.empty()) return Error{"has no herds"};
    if (scenario_.herds.size() > std::size_t{kMaxHerds}) {
      return Error{"has more than " + std::to_string(kMaxHerds) + " herds"};
    }
    std::size_t servers = 0;
    for (const HerdSpec& spec : scenario_.herds) servers += spec.servers.size();
    use_huge_heap(servers * kHeapOfServer);
    for (std::uint32_t h = 0; h < scenario_.herds.size(); ++h) {
      const HerdSpec& spec = scenario_.herds[h];
      Herd& parts = parts_.emplace_back();
      parts.plan = std::make_unique<Plan>(make_plan(scenario_, h));
      parts.recorder = std::make_unique<Recorder>(spec, *parts.plan, scenario_.record);
      parts.recorder->choose(choose_messages(scenario_, h, *parts.plan));
      auto herd =
          VirtualHerd::create(loop_, spec, scenario_.seed, *parts.recorder, parts.recorder.get());
      if (!herd) return herd.error();
      herds_.push_back(std::move(*herd));
      herds_[h]->set_on_server_changed(
          [this, recorder = parts.recorder.get()](herd::ServerId server, bool up) {
            up ? recorder->server_started(server, loop_.now())
               : recorder->server_stopped(server, loop_.now());
          });
      std::vector<std::string> names;
      for (const ServerSpec& server : spec.servers) names.push_back(server.name);
      parts.world = std::make_unique<VirtualClientWorld>(loop_, *herds_[h],
                                                         access_links(scenario_, *parts.plan));
      parts.fleet = std::make_unique<Fleet>(*parts.plan, std::move(names), *parts.world);
      parts.world->set_handler(*parts.fleet);
    }
    return std::nullopt;
  }

  // Plays events until `done` returns true. Returns false if set-up takes too long or the run is
  // over.
  template <class Done>
  bool set_up_until(Done done) {
    while (!done()) {
      if (loop_.idle() || loop_.next() > herd::Instant(kSetUp) || !go_on()) return false;
      loop_.run_next();
    }
    return true;
  }

  std::optional<Error> bring_links_up() {
    for (const auto& herd : herds_) herd->start();
    for (const auto& herd : herds_) {
      if (set_up_until([&] { return herd->ready(); })) continue;
      if (is_over()) return failure_;
      return Error{"herd " + herd->spec().name + ": " + herd->links_missing_message()};
    }
    return std::nullopt;
  }

  std::optional<Error> connect_clients() {
    if (is_over()) return std::nullopt;
    std::size_t unconnected = parts_.size();
    std::optional<Error> failed;
    for (const Herd& each : parts_) {
      each.fleet->connect([&](const std::optional<std::string>& error) {
        --unconnected;
        if (error && !failed) failed = Error{*error};
      });
    }
    const bool all = set_up_until([&] { return unconnected == 0; });
    if (failed) return failed;
    if (all) return std::nullopt;
    if (is_over()) return failure_;
    return Error{"not all clients could connect in time"};
  }

  void begin() {
    zero_ = loop_.now();
    loop_.free_unused();  // many more events wait while all links come up at once
    world_.set_zero(zero_);
    began_ns_ = shown_ns_ = uv_hrtime();
    cpu_at_begin_ = thread_cpu_s();
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      herds_[h]->set_zero(zero_);
      parts_[h].recorder->begin(zero_, scenario_.duration, *parts_[h].plan, kVirtualBase);
      parts_[h].world->set_zero(zero_);
    }
    if (is_over()) return;
    director_.begin();
    for (const Herd& each : parts_) each.fleet->begin(kVirtualBase);
  }

  void play() {
    while (!script_ended_ && go_on()) loop_.run_next();
  }

  void drain() {
    if (is_over()) return;
    draining_ = true;
    const herd::Instant start = loop_.now();
    const herd::Instant timeout = zero_ + scenario_.duration + scenario_.drain;
    herd::Instant look = start;
    while (go_on()) {
      if (!loop_.idle() && loop_.next() <= look) {
        loop_.run_next();
        continue;
      }
      loop_.pass_until(look);
      quiet_ = quiet();
      if (quiet_ || look >= timeout) break;
      // The state cannot change before the next event.
      const herd::Instant next = loop_.idle() ? timeout : std::min(loop_.next(), timeout);
      look = std::min(timeout, start + ((next - start - Duration(1)) / kTick + 1) * kTick);
    }
    drained_ = !is_over();
  }

  // Returns whether nothing is in flight between the herd's servers, and no repair is in progress.
  bool herd_rests(std::size_t h) {
    if (parts_[h].recorder->in_flight() != 0 || !herds_[h]->recovered()) return false;
    parts_[h].rested_at = traffic(h);
    return true;
  }
  // Returns whether the herd rested at some moment, and has sent only lines of its scheme since
  // then: some schemes look after their structure for ever.
  bool herd_is_quiet(std::size_t h) const { return parts_[h].rested_at == traffic(h); }
  Traffic traffic(std::size_t h) const {
    return {parts_[h].recorder->accepted_count(), parts_[h].recorder->messages()};
  }

  // Returns whether all herds rest. Notes of each of them when it does. Asks those that rested
  // before only if all others rest, because that takes a look at all their servers.
  bool quiet() {
    bool all = true;
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      all &= parts_[h].fleet->progress().idle;
      if (!herd_is_quiet(h)) all &= herd_rests(h);
    }
    for (std::size_t h = 0; all && h < herds_.size(); ++h) all = herd_rests(h);
    return all;
  }

  bool is_over() const { return failure_.has_value() || !results_.complete; }

  // Returns whether the run goes on. Every kLookUpEvery events it looks at the interruption flag
  // and the limit, and shows the progress.
  bool go_on() {
    // Nothing else ends the run.
    if (loop_.happened() % kLookUpEvery != 0) return true;
    if (options_.interrupted != nullptr && *options_.interrupted) results_.complete = false;
    if (options_.max_events > 0 && loop_.happened() > options_.max_events) {
      failure_ = Error{"does not come to rest: it took more than " +
                       std::to_string(options_.max_events) + " events"};
    }
    if (options_.on_progress) show_progress();
    return !is_over();
  }

  void show_progress() {
    const std::uint64_t now = uv_hrtime();
    if (now - shown_ns_ < kProgressNs) return;
    Progress progress;
    progress.elapsed = std::max(Duration(0), loop_.now() - zero_);
    progress.total = scenario_.duration;
    progress.phase = began_ns_ == 0 ? "setting up" : draining_ ? "draining" : "running";
    std::uint64_t messages = 0;
    for (const Herd& each : parts_) {
      progress.updates += each.fleet->progress().updates_sent;
      messages += each.recorder->messages();
    }
    progress.messages_per_second = static_cast<double>(messages - messages_shown_) /
                                   (static_cast<double>(now - shown_ns_) * 1e-9);
    messages_shown_ = messages;
    shown_ns_ = now;
    options_.on_progress(progress);
  }

  void finish() {
    director_.stop();
    std::vector<bool> herd_rested;
    for (std::size_t h = 0; h < herds_.size(); ++h) herd_rested.push_back(herd_rests(h));
    const double wall_s = static_cast<double>(uv_hrtime() - began_ns_) * 1e-9;
    const double cpu_s = thread_cpu_s() - cpu_at_begin_;
    for (const auto& herd : herds_) herd->account_alives();
    for (std::uint32_t h = 0; h < herds_.size(); ++h) {
      Herd& parts = parts_[h];
      parts.fleet->stop();
      const bool herd_quiet = herd_is_quiet(h);
      parts.recorder->finish(loop_.now());
      const VirtualHerd& herd = *herds_[h];
      HerdOutcome outcome{herd.spec(),     *parts.plan,  parts.fleet->log(),
                          *parts.recorder, kVirtualBase, zero_};
      outcome.quiet = herd_quiet;
      outcome.rests = herd_rested[h];
      outcome.clients_left_waiting = drained_ && !quiet_ && herd_quiet;
      outcome.wall_s = wall_s;
      add_state(outcome, herd);
      // Several herds share the thread and the process, so the share of each is unknown.
      if (herds_.size() == 1) {
        outcome.cpu_s = cpu_s;
        std::size_t rss = 0;
        if (!options_.shares_process && uv_resident_set_memory(&rss) == 0) {
          outcome.rss_mib = static_cast<double>(rss) / (1024.0 * 1024.0);
        }
      }
      add_herd_results(results_, scenario_, outcome, options_.rows);
    }
    finish_results(results_, scenario_, director_.diary());
    results_.trace_hash = loop_.trace_hash();
  }

  static void add_state(HerdOutcome& outcome, const VirtualHerd& herd) {
    for (const VirtualDirection& direction : herd.links().directions()) {
      outcome.wire_bytes.push_back(direction.bytes_handed(herd.pipes()));
    }
    outcome.links_up = herd.links_synchronized();
    outcome.servers.reserve(herd.spec().servers.size());
    for (std::uint32_t s = 0; s < herd.spec().servers.size(); ++s) {
      const VirtualServer& server = herd.server(s);
      ServerOutcome& out = outcome.servers.emplace_back();
      out.up = server.is_up();
      out.paused = server.is_paused();
      out.connections_peak = server.connections_peak();
      out.links_overflowed = server.links_overflowed();
      out.records = &server.core().records();
    }
  }

  const Scenario& scenario_;
  const VirtualRunOptions& options_;
  VirtualLoop loop_;
  std::vector<Herd> parts_;
  std::vector<std::unique_ptr<VirtualHerd>> herds_;
  VirtualHerdWorld world_;
  std::vector<std::vector<PlannedFault>> faults_;  // by herd
  Director director_;
  std::optional<Error> failure_;
  herd::Instant zero_;
  std::uint64_t began_ns_ = 0, shown_ns_ = 0;  // real time
  std::uint64_t messages_shown_ = 0;
  double cpu_at_begin_ = 0;
  bool script_ended_ = false, draining_ = false;
  bool quiet_ = false;
  bool drained_ = false;  // script and drain were played to their ends
  RunResults results_;
};

}  // namespace

herd::Result<RunResults, Error> run_virtual(const Scenario& scenario,
                                            const VirtualRunOptions& options) {
  return VirtualRun(scenario, options).run();
}

}  // namespace sim
