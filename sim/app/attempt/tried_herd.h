// A herd while it is tried: its programs, and the relays on its links, on a loop and thread of
// their own. The owner's thread talks to the servers, cuts links, kills servers, and reads what was
// said.
#pragma once

#include <uv.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/attempt/link_lines.h"
#include "sim/base/io/loop_thread.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/engines/external/external_herd.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/fault.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/live/places_host.h"
#include "sim/worlds/world/outside_observer.h"

namespace sim {

class TriedHerd {
 public:
  struct NotReady {
    std::string what;
    // All servers listen, and only links have no connection.
    bool lacks_only_links = false;
  };
  // Starts the only herd of the scenario and waits until it is ready. `links_within`: how long
  // links may take once all servers listen. May throw SetUpError.
  static herd::Result<std::unique_ptr<TriedHerd>, NotReady> start(
      Scenario scenario, std::chrono::milliseconds links_within);
  // Stops the programs and waits until they are gone.
  ~TriedHerd();
  TriedHerd(const TriedHerd&) = delete;
  TriedHerd& operator=(const TriedHerd&) = delete;

  const HerdSpec& spec() const { return scenario_.herds.front(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(spec().servers.size()); }
  const std::string& name(std::uint32_t server) const { return spec().servers[server].name; }
  const sockaddr_storage& address(std::uint32_t server) const { return addresses_[server]; }
  // Whether the server's port is open now.
  bool listens(std::uint32_t server) const;
  void apply(const Fault& fault);
  // Whether its servers ask the embedded Places provider, and that provider's faults.
  bool has_places() const;
  void set_places(const PlacesFaults& faults) { places_->set_faults(0, faults); }
  const LinkLines& lines() const { return *lines_; }
  // Returns how processes have ended by themselves so far, as "Ball: exit status 1", with the last
  // line that each wrote.
  std::vector<std::string> ended();

 private:
  class Silent;  // an observer that needs to hear nothing

  explicit TriedHerd(Scenario scenario);
  std::optional<Error> set_up();
  std::optional<NotReady> wait_until_ready(std::chrono::milliseconds links_within);
  std::string with_last_words(const std::string& ended) const;
  // Calls `action` while the loop stands still.
  template <class Action>
  void within(Action action);

  Scenario scenario_;
  Plan plan_;
  RunClock clock_;
  std::unique_ptr<LinkLines> lines_;
  std::unique_ptr<PlacesHost> places_;
  std::unique_ptr<OutsideObserver> observer_;
  LoopThread thread_;
  std::optional<Error> failure_;
  std::vector<std::string> ended_;
  std::vector<sockaddr_storage> addresses_;
  bool gone_ = false;
  std::unique_ptr<ExternalHerd> herd_;
};

}  // namespace sim
