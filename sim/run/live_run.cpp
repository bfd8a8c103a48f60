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
#include "sim/base/process/own_binary.h"
#include "sim/base/text/quoted.h"
#include "sim/engines/central/central_herd.h"
#include "sim/engines/external/external_herd.h"
#include "sim/engines/served/served_herd.h"
#include "sim/engines/watch/outside_herd.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/recorder.h"
#include "sim/measure/metrics/shared_recorder.h"
#include "sim/measure/results/utc_now.h"
#include "sim/run/client_thread.h"
#include "sim/run/descriptor_need.h"
#include "sim/run/director.h"
#include "sim/run/gather_results.h"
#include "sim/run/report_central.h"
#include "sim/run/report_native.h"
#include "sim/run/thread_cpu.h"
#include "sim/worlds/live/descriptor_limit.h"
#include "sim/worlds/live/herd_secret.h"
#include "sim/worlds/live/live_herd.h"
#include "sim/worlds/live/live_herd_world.h"
#include "sim/worlds/live/live_limits.h"
#include "sim/worlds/live/multi_loop_herd.h"
#include "sim/worlds/live/places_host.h"
#include "sim/worlds/live/server_logs.h"
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
        world_(loop_, clock_, herds_),
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
    if (auto error = make_plans()) return *error;
    results_.start = utc_now();
    if (auto error = set_up()) return *error;
    loop_.run();
    if (failure_) return *failure_;
    const herd::Instant end = clock_.now();
    for (const auto& recorder : recorders_) recorder->finish(end);
    collect();
    return std::move(results_);
  }

 private:
  // kMaking: the list of herds is not complete yet, and no herd's word counts before it is.
  enum class Phase { kMaking, kSettingUp, kConnecting, kRunning, kDraining, kOver };

  std::optional<Error> make_plans() {
    std::uint64_t descriptors = kDescriptorReserve;
    const bool has_places = needs_places_host(scenario_);
    for (std::uint32_t h = 0; h < scenario_.herds.size(); ++h) {
      plans_.push_back(std::make_unique<Plan>(make_plan(scenario_, h)));
      descriptors += descriptors_needed(
          scenario_.herds[h], *plans_.back(),
          has_places && scenario_.herds[h].places.provider == PlacesProvider::kEmbedded);
    }
    return raise_descriptor_limit(descriptors);
  }

  std::optional<Error> set_up() {
    // From the beginning on: a signal that comes meanwhile is heard as soon as the loop runs.
    const auto on_signal = [](uv_signal_t* handle, int) {
      static_cast<LiveRun*>(handle->data)->interrupted();
    };
    require(uv_signal_start(interrupt_.get(), on_signal, SIGINT), kSignals);
    require(uv_signal_start(terminate_.get(), on_signal, SIGTERM), kSignals);
    require(uv_signal_start(hang_up_.get(), on_signal, SIGHUP), kSignals);
    const ServerLogs logs = ServerLogs::to_files(options_.log_folder, options_.log_level);
    const std::string secret = random_hex();
    if (needs_places_host(scenario_)) {
      auto places = PlacesHost::start(scenario_, PlacesHost::ReadBuiltIn::kAtOnce);
      if (!places) return places.error();
      places_ = std::move(*places);
      world_.set_places_host(*places_);
    }
    outsides_.resize(scenario_.herds.size());
    for (std::uint32_t h = 0; h < scenario_.herds.size(); ++h) {
      const HerdSpec& spec = scenario_.herds[h];
      recorders_.push_back(std::make_unique<Recorder>(spec, *plans_[h], scenario_.record));
      recorders_.back()->choose(choose_messages(scenario_, h, *plans_[h]));
      auto error = spec.is_served_elsewhere() ? add_served(h)
                   : spec.external            ? add_external(h, secret)
                   : spec.central             ? add_central(h, logs)
                                              : add_native(h, secret, logs);
      if (error) return error;
    }
    std::chrono::milliseconds timeout(0);
    for (const auto& herd : herds_) timeout = std::max(timeout, herd->timeout());
    await(static_cast<std::uint64_t>(timeout.count()));
    for (const auto& herd : herds_) {
      herd->start();
      if (failure_) return failure_;
    }
    phase_ = Phase::kSettingUp;
    loop_.defer([this] { check_ready(); });  // a herd without links is ready now
    return std::nullopt;
  }

  // Sets how the herd's servers ask Places. Leaves `places` empty if there is no provider to ask.
  std::optional<Error> set_places(std::uint32_t h, std::optional<PlacesAskerConfig>& places) {
    const HerdSpec& spec = scenario_.herds[h];
    if (!places_ && spec.places.provider != PlacesProvider::kGoogle) return std::nullopt;
    auto config = asker_config(spec.places, places_ ? places_->url(h) : std::string());
    if (!config) return Error{"herd " + spec.name + ": " + config.error().message};
    places = std::move(*config);
    return std::nullopt;
  }

  std::optional<Error> add_native(std::uint32_t h, const std::string& secret,
                                  const ServerLogs& logs) {
    const HerdSpec& spec = scenario_.herds[h];
    LiveHerd::Setup setup;
    setup.spec = &spec;
    setup.seed = scenario_.seed;
    setup.secret = secret;
    setup.limits = options_.limits;
    if (auto error = set_places(h, setup.places)) return error;
    setup.on_link_proven = [this] { check_ready(); };
    setup.on_server_changed = [this, h](herd::ServerId server, bool up) {
      up ? recorders_[h]->server_started(server, clock_.now())
         : recorders_[h]->server_stopped(server, clock_.now());
    };
    setup.on_failure = [this](const Error& error) { fail(error.message); };
    if (spec.loops == 1) {
      return host(std::make_unique<LiveHerd>(loop_, clock_, *recorders_[h], std::move(setup)),
                  logs);
    }
    shared_.push_back(std::make_unique<SharedRecorder>(*recorders_[h], spec.loops));
    return host(
        std::make_unique<MultiLoopHerd>(loop_, clock_, shared_.back()->tellers(), std::move(setup)),
        logs);
  }

  template <class NativeHerd>
  std::optional<Error> host(std::unique_ptr<NativeHerd> herd, const ServerLogs& logs) {
    if (auto error = herd->listen(logs)) return error;
    reports_.push_back([&native = *herd](HerdOutcome& outcome) { report_native(native, outcome); });
    herds_.push_back(std::move(herd));
    return std::nullopt;
  }

  std::optional<Error> add_central(std::uint32_t h, const ServerLogs& logs) {
    const HerdSpec& spec = scenario_.herds[h];
    CentralHerd::Setup setup;
    setup.spec = &spec;
    setup.seed = scenario_.seed;
    setup.limits = options_.limits;
    // No server's log has this name.
    setup.log_file = (options_.log_folder / spec.name / "postgresql.out").string();
    if (auto error = set_places(h, setup.places)) return error;
    setup.on_change = [this] { check_ready(); };
    setup.on_failure = [this](const Error& error) {
      // During stop() the run is ending anyway, but it has no results then.
      if (phase_ == Phase::kOver && !failure_) failure_ = error;
      fail(error.message);
    };
    auto herd = std::make_unique<CentralHerd>(loop_, clock_, *recorders_.back(), setup);
    if (auto error = herd->listen(logs)) return error;
    reports_.push_back(
        [&central = *herd](HerdOutcome& outcome) { report_central(central, outcome); });
    herds_.push_back(std::move(herd));
    return std::nullopt;
  }

  std::optional<Error> add_external(std::uint32_t h, const std::string& secret) {
    const HerdSpec& spec = scenario_.herds[h];
    ExternalHerd::Setup setup;
    setup.spec = &spec;
    setup.plan = plans_[h].get();
    setup.seed = scenario_.seed;
    setup.secret = secret;
    if (places_) setup.places_url = places_->url(h);
    setup.herdsim = own_binary();
    setup.output_folder = options_.log_folder;
    setup.on_progress = [this] { check_ready(); };
    setup.on_failure = [this](const Error& error) { fail(error.message); };
    setup.on_note = [this, h](const std::string& note) { add_note(h, note); };
    setup.on_event = [this, h](EventName event, const std::string& detail) {
      const std::string& name = scenario_.herds[h].name;
      const double at = std::chrono::duration<double>(world_.now().time_since_epoch()).count();
      events_.push_back({world_.now(), name, std::string(event.text()), detail});
      add_note(h, fmt::format("{}: {}, at {:.3f} s", event.text(), detail, at));
    };
    auto herd = std::make_unique<ExternalHerd>(loop_, clock_, *recorders_[h], std::move(setup));
    if (auto error = herd->prepare()) return error;
    add_outside(h, std::move(herd));
    return std::nullopt;
  }

  std::optional<Error> add_served(std::uint32_t h) {
    ServedHerd::Setup setup;
    setup.spec = &scenario_.herds[h];
    setup.plan = plans_[h].get();
    setup.on_progress = [this] { check_ready(); };
    setup.on_failure = [this](const Error& error) { fail(error.message); };
    setup.on_note = [this, h](const std::string& note) { add_note(h, note); };
    add_outside(h, std::make_unique<ServedHerd>(loop_, clock_, *recorders_[h], std::move(setup)));
    return std::nullopt;
  }

  void add_outside(std::uint32_t h, std::unique_ptr<OutsideHerd> herd) {
    reports_.push_back([&outside = *herd](HerdOutcome& outcome) { outside.report(outcome); });
    outsides_[h] = herd.get();
    herds_.push_back(std::move(herd));
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
    for (const auto& herd : herds_) {
      if (!herd->ready()) return;
    }
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
      const auto& servers = herds_[h]->spec().servers;
      for (std::uint32_t s = 0; s < servers.size(); ++s) {
        names.push_back(servers[s].name);
        addresses.push_back(herds_[h]->address(s));
      }
      ClientThread::HerdSetup setup;
      setup.plan = plans_[h].get();
      setup.server_names = std::move(names);
      setup.servers = std::move(addresses);
      setup.links = access_links(scenario_, *plans_[h]);
      if (OutsideHerd* const outside = outsides_[h]) {
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
    std::string missing;
    for (const auto& herd : herds_) {
      const std::string what = herd->missing();
      if (what.empty()) continue;
      if (!missing.empty()) missing += "; ";
      missing += "herd " + herd->spec().name + ": " + what;
    }
    fail(missing);
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
      herds_[h]->set_zero(zero_);
      herds_[h]->hold_still(
          [&] { recorders_[h]->begin(zero_, scenario_.duration, *plans_[h], base_); });
    }
    for (OutsideHerd* herd : outsides_) {
      if (herd != nullptr) herd->begin(base_);
    }
    clients_.begin(zero_, base_);
    director_.begin();
    tick();
  }

  void drain() {
    phase_ = Phase::kDraining;
    tick();
  }

  // Returns whether no message is in flight between the herd's servers, and no repair is in
  // progress.
  bool herd_is_quiet(std::size_t h) const {
    if (recorders_[h]->in_flight() != 0) return false;  // this check needs no thread to hold still
    bool quiet = false;
    // A server that has an update but has not sent it on yet has no message in flight either.
    herds_[h]->hold_still([&] { quiet = recorders_[h]->in_flight() == 0 && herds_[h]->settled(); });
    return quiet;
  }

  // Returns the processor time of the threads that host herds, in seconds.
  double cpu_s() const {
    double all = thread_cpu_s();
    for (const auto& herd : herds_) all += herd->own_threads_cpu_s();
    return all;
  }

  // Returns whether clients and herds have nothing more to do. May end the run, if it has failed.
  bool quiet() {
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      if (!clients_.fleet(h).progress().idle) return false;
    }
    main_inbox_.deliver();  // the clients' last replies: what servers accepted is on its way
    for (std::size_t h = 0; h < herds_.size(); ++h) {
      if (!herd_is_quiet(h)) return false;
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
      messages += recorders_[h]->messages();
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
    for (const auto& herd : herds_) herd->freeze();
    for (std::size_t h = 0; h < recorders_.size(); ++h) herd_quiet_.push_back(herd_is_quiet(h));
    drained_ = phase_ == Phase::kDraining && results_.complete;
    phase_ = Phase::kOver;
    director_.stop();
    wall_ = std::max(Duration(0), clock_.now() - zero_);
    cpu_s_ = cpu_s() - cpu_at_begin_;
    // Clients first: they would take the end of their servers for a fault.
    clients_.join();
    main_inbox_.deliver();  // the last replies
    herds_left_ = herds_.size();
    for (const auto& herd : herds_) {
      herd->stop([this] {
        if (--herds_left_ == 0) loop_.stop();
      });
    }
  }

  void collect() {
    for (std::uint32_t h = 0; h < herds_.size(); ++h) {
      const HostedHerd& herd = *herds_[h];
      const FleetLog unplayed = unplayed_log(*plans_[h]);
      const FleetLog& log = h < clients_.herds() ? clients_.fleet(h).log() : unplayed;
      HerdOutcome outcome{herd.spec(), *plans_[h], log, *recorders_[h], base_, zero_};
      outcome.quiet = herd_quiet_[h];
      // In a shorter time a server may not have come to the last lines of the script yet.
      const bool long_enough = scenario_.drain >= kAnswerTime;
      outcome.clients_left_waiting = drained_ && !quiet_ && herd_quiet_[h] && long_enough;
      outcome.wall_s = std::chrono::duration<double>(wall_).count();
      reports_[h](outcome);
      if (log.unfinished_replies > 0) {
        add_note(h,
                 fmt::format("answers came {} times that were no whole reply, the first: {} (see "
                             "\"reply_end\" of the engine)",
                             log.unfinished_replies, quoted_bytes(log.first_unfinished)));
      }
      // Several herds share the loop and the process, so the share of each is unknown.
      if (herds_.size() == 1 && !herd.spec().external) {
        outcome.cpu_s = outcome.cpu_s.value_or(0) + cpu_s_;
        std::size_t rss = 0;
        if (uv_resident_set_memory(&rss) == 0) {
          const double ours = static_cast<double>(rss) / (1024.0 * 1024.0);
          outcome.rss_mib = outcome.rss_mib.value_or(0) + ours;
        }
      } else if (herd.spec().central) {
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
  std::vector<std::unique_ptr<Plan>> plans_;
  std::vector<std::unique_ptr<Recorder>> recorders_;
  std::vector<std::unique_ptr<SharedRecorder>> shared_;  // for herds on several loops
  std::vector<std::unique_ptr<HostedHerd>> herds_;
  std::vector<OutsideHerd*> outsides_;                      // by herd; null for other herds
  std::vector<EventRow> events_;                            // that are not in the script
  std::vector<std::function<void(HerdOutcome&)>> reports_;  // by herd; fills in its outcome
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
