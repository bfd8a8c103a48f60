// One herd of our own servers, spread over several loops, each with a thread: server s is on loop
// s % loops. Each loop has a LiveHerd of its servers, and links between two loops are what they are
// between two processes: connections to a port.
//
// A fault, and a question about the whole herd, has all its threads stand still first. So a link's
// ends are cut and restored at one moment wherever they are, faults take effect in the script's
// order, and what is said of the herd is of one moment: all as on one loop.
//
// The run's thread only, as every HostedHerd.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/observer.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/loop_inbox.h"
#include "sim/base/io/loop_thread.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/worlds/live/hosted_herd.h"
#include "sim/worlds/live/live_herd.h"
#include "sim/worlds/live/server_logs.h"

namespace sim {

class MultiLoopHerd final : public HostedHerd, public NativeHerd {
 public:
  // `loop` is the run's, on which the setup's functions are called. `observers` has one for each of
  // the spec's loops, which is told on that loop's thread, or on the run's while that stands still.
  // All must outlive the herd.
  MultiLoopHerd(IoLoop& loop, const RunClock& clock, const std::vector<herd::Observer*>& observers,
                LiveHerd::Setup setup);
  ~MultiLoopHerd() override;
  MultiLoopHerd(const MultiLoopHerd&) = delete;
  MultiLoopHerd& operator=(const MultiLoopHerd&) = delete;

  // Makes the servers and binds their ports.
  std::optional<Error> listen(const ServerLogs& logs);

  // HostedHerd
  const HerdSpec& spec() const override { return *setup_.spec; }
  void start() override;
  bool ready() const override;
  std::string missing() const override;
  std::chrono::milliseconds timeout() const override { return LiveHerd::kTimeout; }
  sockaddr_storage address(std::uint32_t server) const override;
  void set_zero(herd::Instant zero) override;
  bool settled() const override;
  void hold_still(const std::function<void()>& look) override;
  void freeze() override;
  double own_threads_cpu_s() const override;
  // Its servers stay as they are, to be looked at.
  void stop(std::function<void()> gone) override;
  void apply(const Fault& fault) override;

  // NativeHerd, while the herd stands still or after stop(); spec() is above. Each part knows what
  // faults do to all servers and links.
  const Adjacency& adjacency() const override { return any_part().adjacency(); }
  const herd::Server* core(std::uint32_t index) const override;
  bool acts(std::uint32_t server) const override { return any_part().acts(server); }
  LinkFault link_fault(std::uint32_t link) const override { return any_part().link_fault(link); }

  // While the herd stands still, or after stop(). nullptr for a server that another process hosts.
  const LiveServer* server(std::uint32_t index) const;

 private:
  struct Part {
    LoopThread thread;
    std::unique_ptr<LiveHerd> herd;  // goes first
  };
  // All threads stand still while one of these lives.
  class Standstill;

  const LiveHerd& any_part() const { return *parts_.front()->herd; }
  LiveHerd::Setup setup_of_part(std::uint32_t loop);
  void stand_still() const;
  void go_on() const;
  void stop_threads();
  void link_proven();
  template <class Action>
  void tell_all(Action action);
  // The part that hosts the server; nullptr where another process does.
  const LiveHerd* host_of(std::uint32_t server) const;

  LiveHerd::Setup setup_;
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<Part*> part_of_loop_;  // null: none of its servers is hosted here
  mutable int standstills_ = 0;
  std::atomic<bool> telling_ = false;  // the run's loop is about to hear of a link
  LoopInbox inbox_;                    // the run's loop's
};

}  // namespace sim
