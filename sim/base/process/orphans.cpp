#include "sim/base/process/orphans.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include "sim/base/process/process_table.h"
#include "sim/base/process/run_mark.h"

namespace sim {
namespace {

constexpr auto kTimeout = std::chrono::seconds(2);
constexpr auto kLookAgain = std::chrono::milliseconds(2);

class OwnChildren {
 public:
  static OwnChildren& instance() {
    static OwnChildren children;
    return children;
  }
  void add(pid_t pid) {
    const std::lock_guard lock(mutex_);
    pids_.insert(pid);
  }
  void remove(pid_t pid) {
    const std::lock_guard lock(mutex_);
    pids_.erase(pid);
  }
  bool contains(pid_t pid) {
    const std::lock_guard lock(mutex_);
    return pids_.contains(pid);
  }

 private:
  std::mutex mutex_;
  std::set<pid_t> pids_;
};

// Returns whether there was a process to kill.
bool kill_once(std::string_view mark) {
  bool any = false;
  for (const pid_t pid : marked_processes(mark)) {
    if (pid == ::getpid()) continue;
    any = ::kill(pid, SIGKILL) == 0 || any;
  }
  const ProcessTable table = ProcessTable::read();
  for (const ProcessEntry* process : table.descendants(::getpid())) {
    if (process->parent != ::getpid() || OwnChildren::instance().contains(process->pid)) continue;
    if (process->state == 'Z') {
      ::waitpid(process->pid, nullptr, WNOHANG | __WALL);
    } else {
      any = ::kill(process->pid, SIGKILL) == 0 || any;
    }
  }
  return any;
}

}  // namespace

void take_in_orphans() {
  // It cannot fail on a kernel that has it; without it, marks alone have to do.
  static_cast<void>(::prctl(PR_SET_CHILD_SUBREAPER, 1));
}

void add_own_child(pid_t pid) { OwnChildren::instance().add(pid); }

void remove_own_child(pid_t pid) { OwnChildren::instance().remove(pid); }

void kill_orphans(std::string_view mark) {
  const auto abandon = std::chrono::steady_clock::now() + kTimeout;
  while (kill_once(mark) && std::chrono::steady_clock::now() < abandon) {
    std::this_thread::sleep_for(kLookAgain);
  }
}

}  // namespace sim
