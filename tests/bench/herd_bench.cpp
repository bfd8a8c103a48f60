// Compares the native herd with baselines that parse nothing, in turn, in one process: accepted
// updates per second under load, and propagation without load. Prints medians and ratios. It has no
// pass or fail.

#include <pthread.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sim/base/io/loop_inbox.h"
#include "sim/measure/figures/percentile.h"
#include "sim/measure/metrics/recorder.h"
#include "sim/script/read/load_scenario.h"
#include "sim/worlds/live/live_herd.h"
#include "tests/bench/bare_relay.h"
#include "tests/bench/cpu_time.h"
#include "tests/bench/figures.h"
#include "tests/bench/load.h"

namespace {

// The paper's herd, with its metrics on.
class NativeHerd {
 public:
  explicit NativeHerd(const std::string& scheme)
      : scenario_(load(scheme)),
        recorder_(scenario_.herds[0], plan(), sim::RecordLevel::kUpdates),
        inbox_(loop_) {
    sim::LiveHerd::Setup setup;
    setup.spec = &scenario_.herds[0];
    setup.secret = "bench";
    setup.on_link_proven = [this] {
      if (herd_->ready()) loop_.stop();
    };
    herd_ = std::make_unique<sim::LiveHerd>(loop_, clock_, recorder_, setup);
    if (const auto error = herd_->listen(sim::ServerLogs::to_stderr(spdlog::level::warn))) {
      std::fprintf(stderr, "%s\n", error->message.c_str());
      std::exit(1);
    }
    herd_->start();
    loop_.run();  // until every link is up
  }
  NativeHerd(const NativeHerd&) = delete;
  NativeHerd& operator=(const NativeHerd&) = delete;

  std::uint16_t port() const { return herd_->port(0); }
  const sim::Recorder& recorder() const { return recorder_; }

  // Plays a load against the herd, which is on the calling thread and its clients on another one,
  // as in a run: only the main thread's heap grows by many pages at once.
  bench::LoadResult play(const bench::LoadSpec& spec) {
    bench::LoadResult load;
    std::thread clients([&] {
      load = bench::run_load(spec);
      inbox_.post([this] { loop_.stop(); });
    });
    pthread_setname_np(clients.native_handle(), "clients");  // for a profiler
    const bench::CpuTime before = bench::CpuTime::of_this_thread();
    loop_.run();
    cpu_ = bench::CpuTime::of_this_thread() - before;
    clients.join();
    return load;
  }
  // Returns the CPU time of the herd in play().
  bench::CpuTime cpu() const { return cpu_; }

 private:
  static sim::Scenario load(const std::string& scheme) {
    auto loaded = sim::parse_scenario("bench",
                                      R"({"name": "bench", "duration": "1s", "herds": [{"name": "h",
                                          "propagation": ")" +
                                          scheme + R"("}]})");
    if (!loaded) std::exit(1);
    return *loaded;
  }

  static sim::Plan plan() {
    sim::Plan plan;
    for (int i = 0; i < 16; ++i) {
      plan.subjects.push_back("phone-00" + std::string(i < 10 ? "0" : "") + std::to_string(i) +
                              ".example");
    }
    return plan;
  }

  sim::Scenario scenario_;
  sim::RunClock clock_;
  sim::Recorder recorder_;
  sim::IoLoop loop_;
  sim::LoopInbox inbox_;
  std::unique_ptr<sim::LiveHerd> herd_;
  bench::CpuTime cpu_;
};

constexpr int kRounds = 5;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double p50_us(std::vector<std::int64_t> ns) {
  std::vector<herd::Duration> values;
  for (const std::int64_t v : ns) values.emplace_back(v);
  const auto p50 = sim::percentile(values, 50);
  return p50 ? static_cast<double>(p50->count()) / 1000 : 0;
}

struct Contender {
  std::string name;
  // Measure updates per second, with many lines in flight or with one on each connection, and
  // propagation in microseconds.
  std::function<double()> loaded, one_each, unloaded;
};

bench::LoadSpec full_load(std::uint16_t port, double seconds) { return {port, 16, 32, seconds, 0}; }
bench::LoadSpec one_line_each(std::uint16_t port, double seconds) {
  return {port, 16, 1, seconds, 0};
}
bench::LoadSpec single_line(std::uint16_t port, double seconds) {
  return {port, 1, 1, seconds, 500};
}

Contender floor(const std::string& name, bench::BareRelay::Kind kind, double seconds) {
  return {name,
          [=] {
            bench::BareRelay relay(kind, false);
            return bench::run_load(full_load(relay.port(), seconds)).per_second();
          },
          [=] {
            bench::BareRelay relay(kind, false);
            return bench::run_load(one_line_each(relay.port(), seconds)).per_second();
          },
          [=] {
            bench::BareRelay relay(kind, true);
            bench::run_load(single_line(relay.port(), seconds));
            return p50_us(relay.stop());
          }};
}

Contender native(const std::string& scheme, double seconds) {
  return {"native " + scheme,
          [=] {
            NativeHerd herd(scheme);
            return herd.play(full_load(herd.port(), seconds)).per_second();
          },
          [=] {
            NativeHerd herd(scheme);
            return herd.play(one_line_each(herd.port(), seconds)).per_second();
          },
          [=] {
            NativeHerd herd(scheme);
            herd.play(single_line(herd.port(), seconds));
            const auto p50 = herd.recorder().delivery_percentiles({50})[0];
            return p50 ? static_cast<double>(p50->count()) / 1000 : 0;
          }};
}

// `figures_of` has the names of the ratios that are noted, by contender.
void compare(const std::string& title, const char* unit, const std::vector<Contender>& contenders,
             const std::string& base, const std::function<double(const Contender&)>& measure,
             const std::map<std::string, std::string>& figures_of = {}) {
  std::map<std::string, std::vector<double>> figures;
  for (int round = 0; round < kRounds; ++round) {
    for (const Contender& contender : contenders) {
      figures[contender.name].push_back(measure(contender));
    }
  }
  std::printf("%s (median of %d rounds in turn)\n", title.c_str(), kRounds);
  for (const Contender& contender : contenders) {
    auto& values = figures[contender.name];
    std::vector<double> ratios;
    for (int round = 0; round < kRounds; ++round) {
      const auto i = static_cast<std::size_t>(round);
      ratios.push_back(values[i] / figures[base][i]);
    }
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    std::printf("  %-20s %12.1f %s   (%.1f to %.1f)   %.2f of the %s\n", contender.name.c_str(),
                median(values), unit, *least, *most, median(ratios), base.c_str());
    const auto figure = figures_of.find(contender.name);
    if (figure != figures_of.end()) bench::note(figure->second, median(ratios));
  }
  std::printf("\n");
}

// Says what one contender did with a load, for a profiler and for machines that others use: the CPU
// time of an update depends less on them than the rate does.
void tell(const bench::LoadResult& load, bench::CpuTime cpu) {
  const auto updates = static_cast<double>(load.answers);
  std::printf("%.0f /s, %.3f us of user time and %.3f us of the kernel's an update\n",
              load.per_second(), cpu.user / updates, cpu.kernel / updates);
}

void play_native(const std::string& scheme, double seconds, bool is_unloaded) {
  NativeHerd herd(scheme);
  const bench::LoadResult load =
      herd.play(is_unloaded ? single_line(herd.port(), seconds) : full_load(herd.port(), seconds));
  tell(load, herd.cpu());
  const auto p50 = herd.recorder().delivery_percentiles({50})[0];
  std::printf("propagation p50 %.1f us\n", p50 ? static_cast<double>(p50->count()) / 1000 : 0);
}

void play_bare(bench::BareRelay::Kind kind, double seconds) {
  bench::BareRelay relay(kind, false);
  const bench::LoadResult load = bench::run_load(full_load(relay.port(), seconds));
  relay.stop();
  tell(load, relay.cpu());
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1;
  using Kind = bench::BareRelay::Kind;
  if (argc > 2) {
    const std::string which = argv[2];
    if (which == "bare-flood") {
      play_bare(Kind::kFlood, seconds);
    } else if (which == "bare-flood-echo") {
      play_bare(Kind::kFloodEcho, seconds);
    } else {
      play_native(which, seconds, argc > 3);
    }
    return 0;
  }
  const Contender echo = floor("bare echo", Kind::kEcho, seconds);
  const Contender tree = floor("bare tree", Kind::kTree, seconds);
  const Contender six = floor("bare flood", Kind::kFlood, seconds);
  const Contender ten = floor("bare flood-echo", Kind::kFloodEcho, seconds);
  const Contender flood = native("flood", seconds);
  const Contender flood_echo = native("flood-echo", seconds);
  const auto loaded = [](const Contender& c) { return c.loaded(); };
  const auto one_each = [](const Contender& c) { return c.one_each(); };
  const auto unloaded = [](const Contender& c) { return c.unloaded(); };
  const std::string title =
      "accepted updates a second, 16 connections with 32 lines in flight each";
  std::printf("Floors parse nothing: they answer, and pass lines on over the same ring.\n\n");
  compare(title + ", against the four messages of a tree", "/s", {echo, tree, flood, flood_echo},
          tree.name, loaded);
  compare(title + ", against the same six messages", "/s", {six, flood}, six.name, loaded,
          {{flood.name, "live-flood"}});
  compare(title + ", against the same ten messages", "/s", {ten, flood_echo}, ten.name, loaded,
          {{flood_echo.name, "live-flood-echo"}});
  compare("accepted updates a second, 16 connections with one line in flight each", "/s",
          {six, flood}, six.name, one_each, {{flood.name, "live-one-each"}});
  compare("propagation p50 without load", "us", {tree, six, flood}, tree.name, unloaded,
          {{flood.name, "propagation-flood"}});
  compare("propagation p50 without load", "us", {tree, ten, flood_echo}, tree.name, unloaded,
          {{flood_echo.name, "propagation-flood-echo"}});
  return 0;
}
