// A small herd that is watched from outside, with its plan and the observer that counts for it.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "core/format.h"
#include "sim/engines/watch/outside_watch.h"
#include "tests/sim/measure/recorder_words.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fake_client_world.h"

namespace sim {

struct WatchedHerd {
  static constexpr herd::PosixNs kBase = 1'700'000'000'000'000'000;

  WatchedHerd(HerdSpec herd, Plan script)
      : spec(std::move(herd)),
        plan(std::move(script)),
        recorder(spec, plan, RecordLevel::kDeliveries),
        outside(spec, plan, recorder) {
    recorder.choose({true, {}});
    recorder.begin(herd::Instant(), std::chrono::seconds(1), plan, kBase);
    outside.begin(kBase);
  }

  // Returns the update's time as it is sent.
  std::string time(std::uint32_t update) const {
    std::string out;
    herd::append_time(out, client_time(plan.updates[update], kBase));
    return out;
  }
  // Returns the update as an AT line of the first server.
  std::string at_line(std::uint32_t update) const {
    const PlannedUpdate& planned = plan.updates[update];
    return "AT S1 +0.1 " + plan.subjects[planned.subject] + " " + location_text(plan, planned) +
           " " + time(update);
  }

  HerdSpec spec;
  Plan plan;
  Recorder recorder;
  OutsideWatch outside;
};

}  // namespace sim
