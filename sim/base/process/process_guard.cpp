#include "sim/base/process/process_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_set>
#include <vector>

#include "sim/base/io/owned_fd.h"
#include "sim/base/process/close_from.h"
#include "sim/base/process/orphans.h"
#include "sim/base/process/process_table.h"
#include "sim/base/process/run_mark.h"
#include "sim/base/text/read_file.h"

extern char** environ;

namespace sim {
namespace {

// The guard's end of a pipe that herdsim never writes to. It ends when herdsim does.
constexpr int kEndOfHerdsim = 3;
// How long keepers that are alive may take to end their programs themselves.
constexpr auto kKeepersTimeout = std::chrono::seconds(12);
constexpr auto kAgain = std::chrono::milliseconds(5);

bool is_keeper(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  std::error_code error;
  const auto program = std::filesystem::read_symlink(folder + "/exe", error);
  if (error || program != std::filesystem::read_symlink("/proc/self/exe", error)) return false;
  const auto words = read_file(folder + "/cmdline");
  if (!words) return false;
  const std::size_t second = words->find('\0') + 1;
  return words->compare(second, 5, std::string_view("keep\0", 5)) == 0;
}

// Kills the processes that no keeper watches any more, and all of them if `all`. Returns whether
// any process was left.
bool kill_once(const std::string& mark, bool all) {
  const std::vector<pid_t> marked = marked_processes(mark);
  std::unordered_set<pid_t> kept;
  const ProcessTable table = ProcessTable::read();
  for (const pid_t pid : marked) {
    if (all || !is_keeper(pid)) continue;
    kept.insert(pid);
    ::kill(pid, SIGCONT);  // it may have been stopped
    for (const ProcessEntry* process : table.descendants(pid)) kept.insert(process->pid);
  }
  bool any = false;
  for (const pid_t pid : marked) {
    if (pid == ::getpid()) continue;
    any = true;
    if (!kept.contains(pid)) ::kill(pid, SIGKILL);
  }
  return any;
}

}  // namespace

void start_guard(const std::string& binary) {
  static std::once_flag once;
  std::call_once(once, [&] {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    static OwnedFd held;  // until this process ends
    held.reset(ends[1]);
    const OwnedFd theirs(ends[0]);
    posix_spawn_file_actions_t actions;
    if (::posix_spawn_file_actions_init(&actions) != 0) return;
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    }
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), kEndOfHerdsim);
    posix_spawnattr_t attributes;
    if (::posix_spawnattr_init(&attributes) == 0) {
      // The signals of a terminal do not reach it.
      ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
      std::string name = "herdsim", command = "guard", mark = run_mark();
      std::array<char*, 4> arguments = {name.data(), command.data(), mark.data(), nullptr};
      pid_t pid = 0;
      if (::posix_spawn(&pid, binary.c_str(), &actions, &attributes, arguments.data(), environ) ==
          0) {
        add_own_child(pid);
      } else {
        held.reset();
      }
      ::posix_spawnattr_destroy(&attributes);
    }
    ::posix_spawn_file_actions_destroy(&actions);
  });
}

bool can_guard() {
  struct stat status {};
  return ::fstat(kEndOfHerdsim, &status) == 0 && S_ISFIFO(status.st_mode);
}

int run_guard(const std::string& mark) {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  close_from(kEndOfHerdsim + 1);
  char byte = 0;
  while (::read(kEndOfHerdsim, &byte, 1) < 0 && errno == EINTR) {
  }
  const auto abandon = std::chrono::steady_clock::now() + kKeepersTimeout;
  while (kill_once(mark, std::chrono::steady_clock::now() >= abandon))
    std::this_thread::sleep_for(kAgain);
  return EXIT_SUCCESS;
}

}  // namespace sim
