// A herd whose servers are served elsewhere, by other processes and perhaps on other hosts. The run
// talks to them as clients do. It starts nothing, stops nothing, and has no hand on servers and
// links, so the scenario language refuses all faults of such a herd.
//
// All times are by this machine's clock. What the servers know of other clients, whether they
// restart, and what their processes use cannot be seen.
//
// The loop's thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/engines/served/server_calls.h"
#include "sim/engines/watch/herd_questions.h"
#include "sim/engines/watch/outside_herd.h"
#include "sim/engines/watch/outside_watch.h"
#include "sim/script/plan/plan.h"
#include "sim/worlds/world/outside_observer.h"

namespace sim {

class ServedHerd final : public OutsideHerd {
 public:
  struct Setup {
    const HerdSpec* spec = nullptr;  // served elsewhere, with a port for each server
    const Plan* plan = nullptr;
    std::function<void()> on_progress;  // called when it may have become ready
    std::function<void(const Error&)> on_failure;
    // Called from report() for each thing that a reader of the figures should know.
    std::function<void(const std::string& note)> on_note;
  };
  // All arguments must outlive the herd, and the loop must not run between the ends of the herd and
  // of the loop.
  ServedHerd(IoLoop& loop, const RunClock& clock, OutsideObserver& observer, Setup setup);

  // OutsideHerd
  const HerdSpec& spec() const override { return *setup_.spec; }
  void start() override { calls_.begin(); }
  bool ready() const override { return calls_.all_accepted(); }
  std::string missing() const override;
  std::chrono::milliseconds timeout() const override;
  sockaddr_storage address(std::uint32_t server) const override;
  void set_zero(herd::Instant zero) override { zero_ = zero; }
  void begin(herd::PosixNs base) override;
  void answered(std::uint32_t update, std::uint32_t server, herd::Instant at) override;
  bool settled() const override;
  void stop(std::function<void()> gone) override;
  // No scenario has a fault for such a herd.
  void apply(const Fault&) override {}
  void report(HerdOutcome& outcome) const override;

 private:
  // Returns how the herd was observed, and says so if that was not as the scenario asks.
  Observed observed(bool were_any_updates) const;

  IoLoop& loop_;
  const RunClock& clock_;
  Setup setup_;
  OutsideWatch watch_;
  ServerCalls calls_;
  std::unique_ptr<HerdQuestions> questions_;  // null: its servers are not asked what they hold
  std::optional<herd::Instant> zero_;
  bool stopping_ = false;
};

}  // namespace sim
