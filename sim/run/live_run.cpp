#include "sim/run/live_run.h"

#include <fmt/format.h>
#include <uv.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/io/address.h"
#include "sim/base/io/precise_timer.h"
#include "sim/base/io/set_up_error.h"
#include "sim/base/io/uv_handle.h"
#include "sim/base/text/quoted.h"
#include "sim/engines/watch/outside_herd.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/results/utc_now.h"
#include "sim/run/client_thread.h"
#include "sim/run/director.h"
#include "sim/run/gather_results.h"
#include "sim/run/live_herds.h"
#include "sim/run/thread_cpu.h"
#include "sim/worlds/live/descriptor_limit.h"
#include "sim/worlds/live/live_herd_world.h"
#include "sim/worlds/live/places_host.h"
#include "sim/worlds/net/access_links.h"

namespace sim {
namespace {

constexpr const char* kSignals = "a watch for signals";
constexpr std::uint64_t kConnectMs = 20'000;  // the time limit for connecting all clients
constexpr std::uint64_t kTickNs = 2'000'000;  // interval of checks while the run drains
// From begin() to time zero: enough for both threads to learn of it.
constexpr auto kLeadTime = std::chrono::milliseconds(20);

class LiveRun {
 public:
  LiveRun(const Scenario& scenario, const LiveRunOptions& options)
      : scenario_(scenario),
        options_(options),
        deadline_(this),
        tick_timer_(
            loop_, [this] { tick(); }, PreciseTimer::Wake::kEasy),
        interrupt_(this),
        terminate_(this),
        hang_up_(this),
        main_inbox_(loop_),
        herds_(scenario, options, loop_, clock_, listener()),
        world_(loop_, clock_, herds_.hosted()),
        faults_(plan_all_faults(scenario)),
        gate_([this] { clients_.look_again(); }),
        director_(scenario, faults_, world_, [this] { drain(); }),
        clients_(clock_, gate_) {
    director_.set_gate(gate_);
    require(uv_timer_init(loop_.uv(), deadline_.get()), "a timer");
    for (auto* handle : {interrupt_.get(), terminate_.get(), hang_up_.get()})
      require(uv_signal_init(loop_.uv(), handle), kSignals);
  }

  herd::Result<RunResults, Error> run() {
    if (auto error = herds_.make_plans()) return *error;
    results_.start = utc_now();
    if (auto error = set_up()) return *error;
    loop_.run();
    if (failure_) return *failure_;
    const herd::Instant end = clock_.now();
    for (std::size_t h = 0; h < herds_.size(); ++h) herds_.recorder(h).finish(end);
    collect();
    return std::move(results_);
  }

 private:
  // kMaking: the list of herds is not complete yet, and no herd's word counts before it is.
  enum class Phase { kMaking, kSettingUp, kConnecting, kRunning, kDraining, kOver };

  LiveHerds::Listener listener() {
    LiveHerds::Listener told;
    told.on_progress = [this] { check_ready(); };
    told.on_failure = [this](const Error& error) { fail(error.message); };
    told.on_loss = [this](const Error& error) {
      if (phase_ == Phase::kOver && !failure_) failure_ = error;
      fail(error.message);
    };
    told.on_note = [this](std::uint32_t herd, const std::string& note) { add_note(herd, note); };
    told.on_event = [this](std::uint32_t herd, EventName event, const std::string& detail) {
      const std::string& name = scenario_.herds[herd].name;
      const double at = std::chrono::duration<double>(world_.now().time_since_epoch()).count();
      events_.push_back({world_.now(), name, std::string(event.text()), detail});
      add_note(herd, fmt::format("{}: {}, at {:.3f} s", event.text(), detail, at));
    };
    return told;
  }

  std::optional<Error> set_up() {
    // From the beginning on: a signal that comes meanwhile is heard as soon as the loop runs.
    const auto on_signal = [](uv_signal_t* handle, int) {
      static_cast<LiveRun*>(handle->data)->interrupted();
    };
    require(uv_signal_start(interrupt_.get(), on_signal, SIGINT), kSignals);
    require(uv_signal_start(terminate_.get(), on_signal, SIGTERM), kSignals);
    require(uv_signal_start(hang_up_.get(), on_signal, SIGHUP), kSignals);
    if (needs_places_host(scenario_)) {
      auto places = PlacesHost::start(scenario_, PlacesHost::ReadBuiltIn::kAtOnce);
      if (!places) return places.error();
      places_ = std::move(*places);
      world_.set_places_host(*places_);
    }
    if (auto error = herds_.make(places_.get())) return error;
    await(static_cast<std::uint64_t>(herds_.timeout().count()));
    for (const auto& herd : herds_.hosted()) {
      herd->start();
      if (failure_) return failure_;
    }
    phase_ = Phase::kSettingUp;
    loop_.defer([this] { check_ready(); });  // a herd without links is ready now
    return std::nullopt;
  }

  void add_note(std::uint32_t herd, const std::string& note) {
    results_.notes.push_back(scenario_.herds[herd].name + ": " + note);
  }

  void await(std::uint64_t ms) {
    uv_update_time(loop_.uv());  // the set-up may have taken long
    uv_timer_start(
        deadline_.get(), [](uv_timer_t* t) { static_cast<LiveRun*>(t->data)->set_up_failed(); }, ms,
        0);
  }

  void check_ready() {
    if (phase_ != Phase::kSettingUp) return;
    if (!herds_.are_ready()) return;
    phase_ = Phase::kConnecting;
    await(kConnectMs);
    guarded([this] { start_clients(); });
  }

  // Runs `action` within a callback, which no exception may leave, and fails the run if it throws.
  template <class Action>
  void guarded(Action action) {
    try {
      action();
    } catch (const SetUpError& error) {
      fail(error.what());
    }
  }

  void start_clients() {
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      std::vector<std::string> names;
      std::vector<sockaddr_storage> addresses;
      const auto& servers = herds_[h].spec().servers;
      for (std::uint32_t s = 0; s < servers.size(); ++s) {
        names.push_back(servers[s].name);
        addresses.push_back(herds_[h].address(s));
      }
      ClientThread::HerdSetup setup;
      setup.plan = &herds_.plan(h);
      setup.server_names = std::move(names);
      setup.servers = std::move(addresses);
      setup.links = access_links(scenario_, herds_.plan(h));
      if (OutsideHerd* const outside = herds_.outside(h)) {
        setup.dialect = &outside->spec().external->dialect;
        setup.on_reply = [this, outside](std::uint32_t update, std::uint32_t server,
                                         herd::Instant when) {
          main_inbox_.post([this, outside, update, server, when] {
            outside->answered(update, server, zero_ + when.time_since_epoch());
          });
        };
      }
      setup.on_exhausted = [this](int error) {
        main_inbox_.post([this, error] {
          fail(uv_failure("a client cannot connect to its server", error).message);
        });
      };
      clients_.add_herd(std::move(setup));
    }
    clients_.start();
    clients_.connect([this](const std::optional<std::string>& error) {
      main_inbox_.post([this, error] { error ? fail(*error) : guarded([this] { begin(); }); });
    });
  }

  void set_up_failed() {
    if (phase_ == Phase::kSettingUp) {
      check_ready();
      if (phase_ != Phase::kSettingUp) return;
    } else if (phase_ == Phase::kConnecting) {
      // The clients' thread must be at rest before its fleets can be asked.
      clients_.join();
      return fail(clients_missing());
    }
    fail(herds_.missing());
  }

  // Names the clients that have no connection, and their servers.
  std::string clients_missing() const {
    constexpr std::size_t kNamed = 3;  // of each herd
    std::string out;
    for (std::size_t h = 0; h < clients_.herds(); ++h) {
      const std::vector<std::string> missing = clients_.fleet(h).unconnected();
      if (missing.empty()) continue;
      const auto named =
          missing.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, missing.size()));
      out += fmt::format("{}herd {}: not connected after {} s: {}", out.empty() ? "" : "; ",
                         scenario_.herds[h].name, kConnectMs / 1000,
                         fmt::join(missing.begin(), named, ", "));
      if (missing.size() > kNamed) out += fmt::format(", and {} more", missing.size() - kNamed);
    }
    return out;
  }

  void fail(const std::string& what) {
    if (phase_ == Phase::kOver) return;
    failure_ = Error{what};
    if (phase_ != Phase::kMaking) finish();
  }

  void begin() {
    if (phase_ == Phase::kOver) return;
    phase_ = Phase::kRunning;
    uv_timer_stop(deadline_.get());
    zero_ = clock_.now() + kLeadTime;
    base_ = clock_.wall(zero_);
    cpu_at_begin_ = cpu_s();
    world_.set_zero(zero_);
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      herds_[h].set_zero(zero_);
      herds_[h].hold_still(
          [&] { herds_.recorder(h).begin(zero_, scenario_.duration, herds_.plan(h), base_); });
    }
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      if (OutsideHerd* const outside = herds_.outside(h)) outside->begin(base_);
    }
    clients_.begin(zero_, base_);
    director_.begin();
    tick();
  }

  void drain() {
    phase_ = Phase::kDraining;
    tick();
  }

  // Returns the processor time of the threads that host herds, in seconds.
  double cpu_s() const { return thread_cpu_s() + herds_.own_threads_cpu_s(); }

  // Returns whether clients and herds have nothing more to do. May end the run, if it has failed.
  bool quiet() {
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      if (!clients_.fleet(h).progress().idle) return false;
    }
    main_inbox_.deliver();  // the clients' last replies: what servers accepted is on its way
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      if (!herds_.is_quiet(h)) return false;
    }
    return true;
  }

  void tick() {
    const herd::Instant now = world_.now();
    if (phase_ == Phase::kDraining) {
      quiet_ = quiet();
      if (phase_ == Phase::kOver) return;
      const herd::Instant timeout(scenario_.duration + scenario_.drain);
      if (quiet_ || now >= timeout) return finish();
    }
    show_progress(now);
    // A timerfd, because libuv's timers wait for the end of a turn, however long.
    const std::uint64_t again = phase_ == Phase::kDraining ? kTickNs : kProgressNs;
    tick_timer_.arm(uv_hrtime() + again);
  }

  void show_progress(herd::Instant now) {
    constexpr std::chrono::nanoseconds kEvery(kProgressNs);
    if (!options_.on_progress || now - shown_at_ < kEvery * 9 / 10) return;
    Progress progress;
    progress.elapsed = std::max(Duration(0), now.time_since_epoch());
    progress.total = scenario_.duration;
    progress.phase = phase_ == Phase::kDraining ? "draining" : "running";
    std::uint64_t messages = 0;
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      progress.updates += clients_.fleet(h).progress().updates_sent;
      messages += herds_.recorder(h).messages();
    }
    const double seconds = std::chrono::duration<double>(now - shown_at_).count();
    progress.messages_per_second = static_cast<double>(messages - messages_shown_) / seconds;
    messages_shown_ = messages;
    shown_at_ = now;
    options_.on_progress(progress);
  }

  void interrupted() {
    if (phase_ == Phase::kOver) return;
    results_.complete = false;
    if (phase_ < Phase::kRunning) zero_ = clock_.now();
    finish();
  }

  void finish() {
    for (const auto& herd : herds_.hosted()) herd->freeze();
    for (std::size_t h = 0; h < herds_.size(); ++h) herd_quiet_.push_back(herds_.is_quiet(h));
    drained_ = phase_ == Phase::kDraining && results_.complete;
    phase_ = Phase::kOver;
    director_.stop();
    wall_ = std::max(Duration(0), clock_.now() - zero_);
    cpu_s_ = cpu_s() - cpu_at_begin_;
    // Clients first: they would take the end of their servers for a fault.
    clients_.join();
    main_inbox_.deliver();  // the last replies
    herds_left_ = herds_.size();
    for (const auto& herd : herds_.hosted()) {
      herd->stop([this] {
        if (--herds_left_ == 0) loop_.stop();
      });
    }
  }

  void collect() {
    for (std::uint32_t h = 0; h < herds_.size(); ++h) {
      const HerdSpec& spec = scenario_.herds[h];
      const FleetLog unplayed = unplayed_log(herds_.plan(h));
      const FleetLog& log = h < clients_.herds() ? clients_.fleet(h).log() : unplayed;
      HerdOutcome outcome{spec, herds_.plan(h), log, herds_.recorder(h), base_, zero_};
      outcome.quiet = herd_quiet_[h];
      // In a shorter time a server may not have come to the last lines of the script yet.
      const bool long_enough = scenario_.drain >= kAnswerTime;
      outcome.clients_left_waiting = drained_ && !quiet_ && herd_quiet_[h] && long_enough;
      outcome.wall_s = std::chrono::duration<double>(wall_).count();
      herds_.report(h, outcome);
      if (log.unfinished_replies > 0) {
        add_note(h,
                 fmt::format("answers came {} times that were no whole reply, the first: {} (see "
                             "\"reply_end\" of the engine)",
                             log.unfinished_replies, quoted_bytes(log.first_unfinished)));
      }
      // Several herds share the loop and the process, so the share of each is unknown.
      if (herds_.size() == 1 && !spec.external) {
        outcome.cpu_s = outcome.cpu_s.value_or(0) + cpu_s_;
        std::size_t rss = 0;
        if (uv_resident_set_memory(&rss) == 0) {
          const double ours = static_cast<double>(rss) / (1024.0 * 1024.0);
          outcome.rss_mib = outcome.rss_mib.value_or(0) + ours;
        }
      } else if (spec.central) {
        outcome.cpu_s.reset();
        outcome.rss_mib.reset();
      }
      add_herd_results(results_, scenario_, outcome);
    }
    results_.events.insert(results_.events.end(), events_.begin(), events_.end());
    finish_results(results_, scenario_, director_.diary());
  }

  const Scenario& scenario_;
  const LiveRunOptions& options_;
  RunClock clock_;
  std::unique_ptr<PlacesHost> places_;
  IoLoop loop_;
  UvHandle<uv_timer_t> deadline_;
  PreciseTimer tick_timer_;
  UvHandle<uv_signal_t> interrupt_, terminate_, hang_up_;
  LoopInbox main_inbox_;
  LiveHerds herds_;
  std::vector<EventRow> events_;  // that are not in the script
  LiveHerdWorld world_;
  std::vector<std::vector<PlannedFault>> faults_;  // by herd
  EventGate gate_;                                 // holds clients back until events are played
  Director director_;
  ClientThread clients_;
  Phase phase_ = Phase::kMaking;
  std::optional<Error> failure_;
  herd::Instant zero_, shown_at_;
  herd::PosixNs base_ = 0;
  std::uint64_t messages_shown_ = 0;
  std::size_t herds_left_ = 0;
  Duration wall_{0};
  double cpu_at_begin_ = 0, cpu_s_ = 0;
  bool quiet_ = false;
  bool drained_ = false;          // script and drain were played to their ends
  std::vector<bool> herd_quiet_;  // by herd, at the end
  RunResults results_;
};

}  // namespace

herd::Result<RunResults, Error> run_live(const Scenario& scenario, const LiveRunOptions& options) {
  raise_descriptor_limit();  // the run's own loops need descriptors before the need is known
  try {
    return LiveRun(scenario, options).run();
  } catch (const SetUpError& error) {
    return Error{error.what()};
  }
}

}  // namespace sim
