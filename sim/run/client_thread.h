// The thread and the loop of all clients of a run. They are apart from the herd's, so that making
// the load does not slow the herd that is measured.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/loop_inbox.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/start_thread.h"
#include "sim/engines/foreign/foreign_client_world.h"
#include "sim/run/clients/fleet.h"
#include "sim/script/plan/plan.h"
#include "sim/worlds/live/live_client_world.h"
#include "sim/worlds/world/event_gate.h"

namespace sim {

class ClientThread {
 public:
  // Both must outlive this. The clients do nothing that the gate holds back; call look_again()
  // whenever the gate moves.
  ClientThread(const RunClock& clock, const EventGate& gate)
      : clock_(clock), gate_(gate), inbox_(loop_) {}
  ~ClientThread() { join(); }
  ClientThread(const ClientThread&) = delete;
  ClientThread& operator=(const ClientThread&) = delete;

  struct HerdSetup {
    const Plan* plan = nullptr;  // must outlive the thread
    std::vector<std::string> server_names;
    std::vector<sockaddr_storage> servers;           // addresses, by server
    std::vector<std::unique_ptr<AccessLink>> links;  // by client
    const Dialect* dialect = nullptr;  // for servers that others wrote; must outlive the thread
    Fleet::OnReply on_reply;           // called on the clients' thread; may be empty
    // Called on the clients' thread if this process has no descriptor for a client's connection.
    std::function<void(int error)> on_exhausted;
  };
  // Call before start().
  void add_herd(HerdSetup setup) {
    std::unique_ptr<LiveClients> world;
    if (setup.dialect == nullptr) {
      world = std::make_unique<LiveClientWorld>(loop_, clock_, std::move(setup.servers),
                                                std::move(setup.links));
    } else {
      world = std::make_unique<ForeignClientWorld>(loop_, clock_, std::move(setup.servers),
                                                   std::move(setup.links), *setup.dialect);
    }
    world->tell_if_exhausted(std::move(setup.on_exhausted));
    auto fleet = std::make_unique<Fleet>(
        *setup.plan, std::move(setup.server_names), *world,
        setup.dialect == nullptr ? ReplyRules::kStrict : ReplyRules::kLenient);
    fleet->set_on_reply(std::move(setup.on_reply));
    if (setup.dialect != nullptr && !setup.dialect->refusal_pattern.empty()) {
      fleet->set_refusal(Pattern(setup.dialect->refusal_pattern));
    }
    fleet->set_gate(gate_);
    world->set_handler(*fleet);
    herds_.push_back({std::move(world), std::move(fleet)});
  }

  // Throws SetUpError.
  void start() {
    thread_ = start_thread([this] { loop_.run(); });
  }

  // Connects every client, then calls `ready` once on the clients' thread: with the first error, or
  // with nothing.
  void connect(std::function<void(std::optional<std::string>)> ready) {
    inbox_.post([this, ready = std::move(ready)] {
      unconnected_ = herds_.size();
      for (const Herd& herd : herds_) {
        herd.fleet->connect([this, ready](const std::optional<std::string>& error) {
          --unconnected_;
          if (error && !failed_) {
            failed_ = true;
            ready(error);
          } else if (unconnected_ == 0 && !failed_) {
            ready(std::nullopt);
          }
        });
      }
    });
  }

  // Starts the clients' scripts. `zero` is time zero on the run's clock, `base` the client time at
  // that moment.
  void begin(herd::Instant zero, herd::PosixNs base) {
    inbox_.post([this, zero, base] {
      for (const Herd& herd : herds_) {
        herd.world->set_zero(zero);
        herd.fleet->begin(base);
      }
    });
  }

  // Tells the clients that the gate has moved. Safe from any thread.
  void look_again() {
    inbox_.post([this] {
      for (const Herd& herd : herds_) herd.fleet->time_reached();
    });
  }

  // Stops the clients and waits for the thread. After that, the fleets' logs may be read.
  void join() {
    if (!thread_.joinable()) return;
    inbox_.post([this] {
      for (const Herd& herd : herds_) herd.fleet->stop();
      loop_.stop();
    });
    thread_.join();
  }

  std::size_t herds() const { return herds_.size(); }
  const Fleet& fleet(std::size_t herd) const { return *herds_[herd].fleet; }

 private:
  struct Herd {
    std::unique_ptr<LiveClients> world;
    std::unique_ptr<Fleet> fleet;
  };

  const RunClock& clock_;
  const EventGate& gate_;
  IoLoop loop_;
  LoopInbox inbox_;
  std::vector<Herd> herds_;
  std::size_t unconnected_ = 0;
  bool failed_ = false;
  std::thread thread_;
};

}  // namespace sim
