// A loop with one external program, and everything that the program's callbacks reported.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <uv.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/io/io_loop.h"
#include "sim/base/process/managed_process.h"
#include "sim/base/process/process_table.h"
#include "tests/sim/base/open_descriptors.h"
#include "tests/sim/measure/results_support.h"

namespace sim {

// Returns true if the process runs. A zombie does not.
inline bool is_alive(pid_t pid) {
  const ProcessTable table = ProcessTable::read();
  const ProcessEntry* const process = table.find(pid);
  return process != nullptr && process->state != 'Z' && process->state != 'X';
}

// A limit for tests that hang. No result depends on it.
inline constexpr std::uint64_t kDeadlineNs = 60'000'000'000;

// Waits until `holds` returns true. Returns false at the deadline.
inline bool holds_at_last(const std::function<bool()>& holds) {
  const std::uint64_t end = uv_hrtime() + kDeadlineNs;
  while (!holds()) {
    if (uv_hrtime() > end) return false;
    uv_sleep(2);
  }
  return true;
}

class ScratchFolder : public test::TempFolder {
 public:
  std::string file(const std::string& name) const { return (path() / name).string(); }
};

class Program {
 public:
  Program(IoLoop& loop, std::vector<std::string> command,
          const std::function<void(ManagedProcess::Setup&)>& change = {})
      : loop_(loop) {
    ManagedProcess::Setup setup;
    setup.command = std::move(command);
    setup.keeper = HERDSIM_BINARY;
    if (change) change(setup);
    process.emplace(loop, setup,
                    ManagedProcess::Callbacks{
                        [this](pid_t pid) {
                          EXPECT_TRUE(lines.empty() && !end) << "first of all it is started";
                          started = pid;
                        },
                        [this](std::string_view line) {
                          EXPECT_TRUE(started != 0 && !end);
                          lines.emplace_back(line);
                        },
                        [this](const ProcessEnd& how) {
                          EXPECT_FALSE(end) << "once";
                          EXPECT_FALSE(process->running());
                          end = how;
                        },
                    });
  }

  void start() {
    const auto error = process->start();
    ASSERT_FALSE(error) << error->message;
  }

  // Runs the loop until `holds` returns true.
  void run_until(const std::function<bool()>& holds) {
    const std::uint64_t end_ns = uv_hrtime() + kDeadlineNs;
    while (!holds()) {
      ASSERT_LT(uv_hrtime(), end_ns) << "hangs";
      uv_run(loop_.uv(), UV_RUN_ONCE);
    }
  }
  void run_until_started() {
    run_until([this] { return started != 0 || end.has_value(); });
  }
  void run_until_lines(std::size_t count) {
    run_until([this, count] { return lines.size() >= count || end.has_value(); });
    ASSERT_GE(lines.size(), count) << end->words();
  }
  std::string run_to_end() {
    run_until([this] { return end.has_value(); });
    return end ? end->words() : "";
  }

  std::optional<ManagedProcess> process;
  pid_t started = 0;
  std::vector<std::string> lines;
  std::optional<ProcessEnd> end;

 private:
  IoLoop& loop_;
};

inline std::vector<std::string> shell(const std::string& script) { return {"sh", "-c", script}; }

}  // namespace sim
