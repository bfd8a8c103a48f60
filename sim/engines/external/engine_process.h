// One process of an external herd from start to end: started, up once its sign of readiness is
// seen, ended, and perhaps started again. The loop's thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/io/io_loop.h"
#include "sim/base/process/listening.h"
#include "sim/base/process/managed_process.h"
#include "sim/base/process/process_table.h"
#include "sim/base/process/process_usage.h"
#include "sim/base/text/pattern.h"
#include "sim/engines/external/engine_words.h"
#include "sim/script/spec/engine_spec.h"

namespace sim {

class EngineProcess {
 public:
  struct Setup {
    const ProgramSpec* program = nullptr;
    EngineWords words;
    std::string keeper;                                        // the herdsim binary
    std::filesystem::path output_file;                         // empty: output is not kept
    std::vector<std::pair<std::string, std::uint16_t>> ports;  // hosts and ports it listens on
    std::function<void(std::string_view)> on_line;
    // The process has ended. `asked` is true if it was told to.
    std::function<void(const ProcessEnd&, bool asked)> on_ended;
  };
  // The loop must outlive the process.
  EngineProcess(IoLoop& loop, Setup setup);
  EngineProcess(const EngineProcess&) = delete;
  EngineProcess& operator=(const EngineProcess&) = delete;

  // Starts the process. Returns an error if it cannot even be tried.
  std::optional<Error> start();
  // Starts the process again; if it is still ending, as soon as it has ended.
  std::optional<Error> start_again();
  void kill();
  void stop();
  void signal(int number);

  bool running() const { return process_ && process_->running(); }
  // Returns whether it runs and was not told to end.
  bool is_on_its_way() const { return running() && !asked_; }
  // Checks for the sign of readiness, unless that is a line of output. `sockets` are those that
  // listen now.
  void look(const ListeningSockets& sockets);
  bool ready() const { return ready_; }
  // Returns what the process lacks until it is ready, as text; empty if it is ready.
  std::string missing() const;
  // Returns the last line of output, for messages.
  const std::string& last_line() const { return last_line_; }
  // Returns the usage of the process and of all that it started, including those that have ended.
  ProcessUsage usage(const ProcessTable& table) const;

 private:
  void line(std::string_view text);

  IoLoop& loop_;
  Setup setup_;
  std::optional<Pattern> sign_;  // in its output
  std::unique_ptr<ManagedProcess> process_;
  std::uint64_t started_ns_ = 0;
  bool ready_ = false, asked_ = false, again_ = false;
  double ended_cpu_s_ = 0;
  std::string last_line_;
};

}  // namespace sim
