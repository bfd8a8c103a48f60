#include "sim/base/process/keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "sim/base/io/owned_fd.h"
#include "sim/base/process/close_from.h"
#include "sim/base/process/keeper_protocol.h"
#include "sim/base/process/process_table.h"

namespace sim {
namespace {

using Kind = KeeperReport::Kind;

// The longest wait for a process that does not die of SIGKILL (one that waits for a dead disk).
constexpr auto kKillTimeout = std::chrono::seconds(10);
constexpr int kRescanMs = 10;

void take_on_environment() {
  for (int number = 0;; ++number) {
    const std::string variable = kKeeperVariable + std::to_string(number);
    const char* const value = std::getenv(variable.c_str());
    if (value == nullptr) return;
    const std::string pair = value;
    const std::size_t equals = pair.find('=');
    ::setenv(pair.substr(0, equals).c_str(), pair.substr(equals + 1).c_str(), 1);
    ::unsetenv(variable.c_str());
  }
}

class Keeper {
 public:
  explicit Keeper(const KeeperOrder& order) : order_(order) {}
  int run();

 private:
  struct ExecFailure {
    Kind kind;
    int number;
  };

  [[noreturn]] void become_command(int failures, pid_t keeper);
  std::optional<int> start();  // returns an errno if it fails
  void hear_of_exec();
  // Returns false if herdsim has gone or wants the end.
  bool obey();
  // Returns false if there are no descendants left.
  bool reap();
  void end_all();
  void kill_all() const;
  void report(Kind kind, int value) const;
  void report_end() const;

  const KeeperOrder& order_;
  OwnedFd child_ends_;  // a signalfd
  OwnedFd failures_;    // the command's process writes here if it cannot execute the command
  pid_t command_ = 0;
  bool reaped_ = false;
  bool orphaned_ = false;
  int wait_status_ = 0;
  std::optional<ExecFailure> exec_failure_;
};

int Keeper::run() {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  if (::fcntl(kKeeperSocket, F_SETFD, FD_CLOEXEC) != 0) {
    report(Kind::kNotExecuted, errno);
    return EXIT_FAILURE;
  }
  close_from(kKeeperSocket + 1);
  take_on_environment();
  if (const auto error = start()) {
    report(Kind::kNotExecuted, *error);
    return EXIT_FAILURE;
  }
  // From here on only the command and its descendants hold the output open. If that fails, the
  // output ends when the keeper does.
  static_cast<void>(::dup2(STDIN_FILENO, STDOUT_FILENO));
  static_cast<void>(::dup2(STDIN_FILENO, STDERR_FILENO));

  for (bool go_on = true; go_on;) {
    std::array<pollfd, 3> waits = {{{kKeeperSocket, POLLIN, 0},
                                    {child_ends_.get(), POLLIN, 0},
                                    {failures_.get(), POLLIN, 0}}};  // ignored if negative
    if (::poll(waits.data(), waits.size(), -1) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    if (waits[2].revents != 0) hear_of_exec();
    if (waits[0].revents != 0) go_on = obey();
    if (waits[1].revents != 0) reap();
    if (reaped_) go_on = false;
  }
  end_all();
  hear_of_exec();
  if (orphaned_ && !order_.scratch.empty()) {
    std::error_code ignored;  // no reader is left for an error
    std::filesystem::remove_all(order_.scratch, ignored);
  }
  report_end();
  return EXIT_SUCCESS;
}

std::optional<int> Keeper::start() {
  // Orphaned descendants become children of the keeper, however they detached themselves.
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return errno;
  sigset_t child_ends;
  ::sigemptyset(&child_ends);
  ::sigaddset(&child_ends, SIGCHLD);
  child_ends_.reset(::signalfd(-1, &child_ends, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!child_ends_.is_open()) return errno;
  std::array<int, 2> ends{};
  // Does not block, because the process at the other endpoint may be impossible to run or kill.
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  failures_.reset(ends[0]);
  const OwnedFd say_failure(ends[1]);
  const pid_t keeper = ::getpid();
  command_ = ::fork();
  if (command_ < 0) return errno;
  if (command_ == 0) become_command(say_failure.get(), keeper);
  // Both processes do this after the fork, so that the group exists for the first that needs it.
  ::setpgid(command_, command_);
  return std::nullopt;
}

void Keeper::become_command(int failures, pid_t keeper) {
  const auto fail = [failures](Kind kind) {
    const ExecFailure failure{kind, errno};
    [[maybe_unused]] const ssize_t written = ::write(failures, &failure, sizeof failure);
    ::_exit(127);
  };
  ::setpgid(0, 0);
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail(Kind::kNotExecuted);
  if (::getppid() != keeper) ::_exit(127);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  if (!order_.cwd.empty() && ::chdir(order_.cwd.c_str()) != 0) fail(Kind::kNoSuchFolder);
  std::vector<char*> arguments;
  for (const std::string& argument : order_.command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execvp(arguments[0], arguments.data());
  fail(Kind::kNotExecuted);
  std::abort();
}

void Keeper::hear_of_exec() {
  if (!failures_.is_open()) return;
  ExecFailure failure{};
  const ssize_t size = ::read(failures_.get(), &failure, sizeof failure);
  failures_.reset();
  if (size == sizeof failure) {
    exec_failure_ = failure;
  } else {
    report(Kind::kStarted, command_);
  }
}

bool Keeper::obey() {
  std::uint8_t number = 0;
  const ssize_t size = ::recv(kKeeperSocket, &number, sizeof number, MSG_DONTWAIT);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  orphaned_ = size == 0;
  if (orphaned_ || number == SIGKILL) return false;
  if (!reaped_) ::kill(-command_, number);
  return true;
}

bool Keeper::reap() {
  std::array<signalfd_siginfo, 16> heard{};
  while (::read(child_ends_.get(), heard.data(), sizeof heard) > 0) {
  }
  for (;;) {
    int status = 0;
    // Also collects threads that appear as processes.
    const pid_t ended = ::waitpid(-1, &status, WNOHANG | __WALL);
    if (ended == 0) return true;
    if (ended < 0) return false;
    if (ended == command_) {
      reaped_ = true;
      wait_status_ = status;
    }
  }
}

void Keeper::end_all() {
  const auto abandon = std::chrono::steady_clock::now() + kKillTimeout;
  // A process that forked between the scan and the kill is found by the next scan.
  while (reap() && std::chrono::steady_clock::now() < abandon) {
    kill_all();
    pollfd child_end{child_ends_.get(), POLLIN, 0};
    ::poll(&child_end, 1, kRescanMs);
  }
}

void Keeper::kill_all() const {
  if (!reaped_) ::kill(-command_, SIGKILL);
  const ProcessTable table = ProcessTable::read();
  for (const ProcessEntry* process : table.descendants(::getpid())) {
    if (process->state != 'Z') ::kill(process->pid, SIGKILL);
  }
}

void Keeper::report(Kind kind, int value) const {
  KeeperReport report{.kind = kind, .value = value};
  rusage used{};
  if (::getrusage(RUSAGE_CHILDREN, &used) == 0) {
    report.cpu_us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * std::int64_t{1'000'000} +
                    used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  }
  ::send(kKeeperSocket, &report, sizeof report, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Keeper::report_end() const {
  if (exec_failure_) return report(exec_failure_->kind, exec_failure_->number);
  if (reaped_ && WIFEXITED(wait_status_)) return report(Kind::kExited, WEXITSTATUS(wait_status_));
  report(Kind::kKilled, reaped_ ? WTERMSIG(wait_status_) : SIGKILL);
}

}  // namespace

bool can_keep() {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(kKeeperSocket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
         type == SOCK_SEQPACKET;
}

int run_keeper(const KeeperOrder& order) { return Keeper(order).run(); }

}  // namespace sim
