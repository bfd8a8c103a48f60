// A herd of programs that others wrote: their processes, the relays on their links if those run
// through us, and what can be seen of the herd from outside.
//
// The loop's thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/listening_port.h"
#include "sim/base/io/owned_fd.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/base/io/uv_handle.h"
#include "sim/base/process/file_tail.h"
#include "sim/engines/external/engine_process.h"
#include "sim/engines/external/engine_words.h"
#include "sim/engines/relay/link_relay.h"
#include "sim/engines/watch/herd_questions.h"
#include "sim/engines/watch/link_watch.h"
#include "sim/engines/watch/log_watch.h"
#include "sim/engines/watch/outside_herd.h"
#include "sim/engines/watch/outside_watch.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/event_names.h"
#include "sim/worlds/world/outside_observer.h"

namespace sim {

class ExternalHerd final : public OutsideHerd {
 public:
  struct Setup {
    const HerdSpec* spec = nullptr;  // with an engine that has a program
    const Plan* plan = nullptr;
    std::uint64_t seed = 1;
    std::string secret;
    std::string places_url;               // of its embedded provider; empty: it has none
    std::string herdsim;                  // our binary, for the keepers and for {herdsim}
    std::filesystem::path output_folder;  // for HERD/SERVER.out
    std::function<void()> on_progress;    // called when it may have become ready
    std::function<void(const Error&)> on_failure;
    // Called for each line that a server says on a link that runs through us. Direction 2l of link
    // l is from its first server to its second; 2l + 1 is the opposite one. May be empty.
    std::function<void(std::uint32_t direction, std::string_view line)> on_link_line;
    // Called from report() for each thing that a reader of the figures should know.
    std::function<void(const std::string& note)> on_note;
    // Called for each event that events.csv lists. Example: server_ended, "Alford: exit status 1".
    std::function<void(EventName event, const std::string& detail)> on_event;
  };
  // All arguments must outlive the herd, and the loop must not run between the ends of the herd and
  // of the loop.
  ExternalHerd(IoLoop& loop, const RunClock& clock, OutsideObserver& observer, Setup setup);
  ~ExternalHerd() override;

  // Gives out ports and opens the relays. The error names what could not be had.
  std::optional<Error> prepare();
  // OutsideHerd
  const HerdSpec& spec() const override { return *setup_.spec; }
  void start() override;
  bool ready() const override;
  std::string missing() const override;
  // Returns the last line that the program of a server wrote.
  const std::string& last_line(std::uint32_t server) const {
    return process_of(server).last_line();
  }
  std::chrono::milliseconds timeout() const override;
  sockaddr_storage address(std::uint32_t server) const override;
  void set_zero(herd::Instant zero) override;
  void begin(herd::PosixNs base) override;
  void answered(std::uint32_t update, std::uint32_t server, herd::Instant at) override;
  bool settled() const override;
  void stop(std::function<void()> gone) override;
  void apply(const Fault& fault) override;
  void report(HerdOutcome& outcome) const override;

 private:
  struct Server {
    bool up = true, paused = false;
    bool listens = false;  // as far as was seen
  };
  // Each fault's effect is a specialization; apply() does not compile without it.
  template <class Kind>
  void do_fault(const Kind& fault) = delete;
  const EngineSpec& engine() const { return *setup_.spec->external; }
  const ProgramSpec& program() const { return *engine().program; }
  bool one_process() const { return program().per == ProcessPer::kHerd; }
  // Returns the name of a process, for messages.
  std::string words_of(std::uint32_t process) const;
  std::optional<Error> give_out_ports();
  std::optional<Error> open_relays();
  void make_processes();
  std::optional<Error> watch_log_files();
  void log_line(std::optional<std::uint32_t> server, std::string_view text);
  // Returns why nothing is known of the herd but its replies, for a note; empty if more is known.
  std::string nothing_seen() const;
  // Looks which processes are ready and which servers listen, again and again until all are up.
  void look_from_now_on();
  void look();
  void server_listens(std::uint32_t server, bool listens);
  // Returns whether all links are up as far as they will be. If servers are told of all their
  // neighbours, both may dial: the second one then has a moment to follow the first.
  bool links_stand() const;
  void process_ended(std::uint32_t process, const ProcessEnd& end, bool asked);
  void server_is_down(std::uint32_t server);
  // Keep the ports of servers that are down from all other programs, and give them back.
  void park_ports(std::uint32_t process);
  void give_back_port(std::uint32_t server) { parked_.erase(server); }
  // Makes relays hold back what goes to a server that takes nothing.
  void hold_towards(std::uint32_t server, bool hold);
  EngineProcess& process_of(std::uint32_t server) const {
    return *processes_[one_process() ? 0 : server];
  }
  // Calls `act` with each relay at a server, and the endpoint that the server is there.
  template <class Action>
  void at_relays_of(std::uint32_t server, Action act);
  // Returns whether its servers still tell each other updates.
  bool goes_on() const;
  ProcessUsage usage() const;
  void gone_if_over();

  IoLoop& loop_;
  const RunClock& clock_;
  OutsideObserver& observer_;
  Setup setup_;
  EngineFacts facts_;
  std::vector<OwnedFd> port_holds_;  // of the ports that the scenario leaves open
  AlarmClock alarms_;
  OutsideWatch watch_;
  std::unique_ptr<LinkWatch> link_watch_;                  // null: links do not run through us
  std::unique_ptr<LogWatch> log_watch_;                    // null: not watched by its logs
  std::vector<std::unique_ptr<FileTail>> log_files_;       // if the logs are not its output
  std::unique_ptr<HerdQuestions> questions_;               // null: its servers are not asked
  std::vector<std::unique_ptr<LinkRelay>> relays_;         // by link, if links run through us
  std::vector<std::unique_ptr<EngineProcess>> processes_;  // by server, or one
  std::vector<Server> servers_;
  std::unordered_map<std::uint32_t, std::unique_ptr<ListeningPort>> parked_;  // by server
  UvHandle<uv_timer_t> look_timer_;
  std::uint64_t stood_ns_ = 0;  // when all links were first seen up; 0: not yet
  bool started_ = false, stopping_ = false;
  std::optional<herd::Instant> zero_;
  std::function<void()> gone_;
  double cpu_at_zero_s_ = 0;
  ProcessUsage used_;
};

}  // namespace sim
