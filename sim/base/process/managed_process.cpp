#include "sim/base/process/managed_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>

#include "sim/base/process/keeper_protocol.h"
#include "sim/base/process/orphans.h"
#include "sim/base/process/own_binary.h"
#include "sim/base/process/process_guard.h"
#include "sim/base/process/run_mark.h"

extern char** environ;

namespace sim {
namespace {

// The size and number of reads per turn of the loop, for a program that floods its output.
constexpr std::size_t kReadSize = std::size_t{64} * 1024;
constexpr int kReadsPerTurn = 4;
// Longer than a keeper needs at most.
constexpr auto kKeeperTimeout = std::chrono::seconds(15);

bool can_be_a_variable(const std::pair<std::string, std::string>& variable) {
  const auto& [name, value] = variable;
  return !name.empty() && name.find('=') == std::string::npos &&
         name.find('\0') == std::string::npos && value.find('\0') == std::string::npos;
}

// API keys go to their providers, and to no program that a scenario names.
bool may_be_inherited(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return !name.starts_with(kKeeperVariable) && !name.ends_with("_API_KEY");
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

ManagedProcess::~ManagedProcess() {
  if (running()) kill_and_wait();
  release();
}

std::optional<Error> ManagedProcess::start() {
  if (setup_.command.empty() || setup_.command[0].empty()) return Error{"there is no command"};
  for (const auto& variable : setup_.env) {
    if (!can_be_a_variable(variable)) {
      return Error{"'" + variable.first + "' cannot be an environment variable"};
    }
  }
  if (!setup_.output_file.empty()) {
    if (auto error = file_.open(setup_.output_file, setup_.max_output_bytes)) return error;
  }
  OwnedFd keeper_socket, keeper_output;
  auto error = open_pipes(keeper_socket, keeper_output);
  if (!error) error = spawn(keeper_socket.get(), keeper_output.get());
  if (error) {
    over_ = true;
    release();
    return error;
  }
  socket_watch_.start(this, [](void* self) { static_cast<ManagedProcess*>(self)->read_reports(); });
  return std::nullopt;
}

std::optional<Error> ManagedProcess::open_pipes(OwnedFd& keeper_socket, OwnedFd& keeper_output) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return uv_failure("cannot open a socket to a keeper", uv_translate_sys_error(errno));
  }
  socket_.reset(ends[0]);
  keeper_socket.reset(ends[1]);
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return uv_failure("cannot open a pipe", uv_translate_sys_error(errno));
  }
  output_.reset(ends[0]);
  keeper_output.reset(ends[1]);
  // Only our endpoints are non-blocking. Programs do not expect a write to fail because the reader
  // is slow.
  for (const int fd : {socket_.get(), output_.get()}) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
      return uv_failure("cannot use a pipe", uv_translate_sys_error(errno));
    }
  }
  if (auto error = socket_watch_.open(loop_, socket_.get())) return error;
  return output_watch_.open(loop_, output_.get());
}

std::optional<Error> ManagedProcess::spawn(int keeper_socket, int keeper_output) {
  const std::string keeper = setup_.keeper.empty() ? own_binary() : setup_.keeper;
  std::vector<std::string> arguments = {"herdsim", "keep"};
  if (!setup_.cwd.empty()) arguments.insert(arguments.end(), {"--cwd", setup_.cwd});
  if (!setup_.scratch.empty()) arguments.insert(arguments.end(), {"--scratch", setup_.scratch});
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), setup_.command.begin(), setup_.command.end());
  start_guard(keeper);
  take_in_orphans();
  mark_ = next_mark();
  const std::string marks = std::string(kMarkVariable) + '=';
  std::vector<std::string> environment = {marks + marked_with(mark_)};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view each(*variable);
    if (may_be_inherited(each) && !each.starts_with(marks)) environment.emplace_back(each);
  }
  for (std::size_t i = 0; i < setup_.env.size(); ++i) {
    environment.push_back(kKeeperVariable + std::to_string(i) + '=' + setup_.env[i].first + '=' +
                          setup_.env[i].second);
  }
  std::vector<char*> argument_pointers = pointers(arguments);
  std::vector<char*> environment_pointers = pointers(environment);

  std::array<uv_stdio_container_t, kKeeperSocket + 1> descriptors{};
  descriptors[0].flags = UV_IGNORE;
  const auto inherit = [&](std::size_t number, int fd) {
    descriptors.at(number).flags = UV_INHERIT_FD;
    descriptors.at(number).data.fd = fd;
  };
  inherit(STDOUT_FILENO, keeper_output);
  inherit(STDERR_FILENO, keeper_output);
  inherit(kKeeperSocket, keeper_socket);

  uv_process_options_t options{};
  options.file = keeper.c_str();
  options.args = argument_pointers.data();
  options.env = environment_pointers.data();
  // The keeper is not in our process group, so the signals of a terminal reach only us.
  options.flags = UV_PROCESS_DETACHED;
  options.stdio = descriptors.data();
  options.stdio_count = static_cast<int>(descriptors.size());
  options.exit_cb = [](uv_process_t* process, std::int64_t, int) {
    remove_own_child(process->pid);
    if (process->data != nullptr) static_cast<ManagedProcess*>(process->data)->keeper_ended();
  };
  grace_.emplace(this);
  int error = uv_timer_init(loop_.uv(), grace_->get());
  if (error != 0) return uv_failure("cannot make a timer", error);
  process_.emplace(this);
  error = uv_spawn(loop_.uv(), process_->get(), &options);
  if (error != 0) return uv_failure("cannot start " + keeper, error);
  keeper_pid_ = process_->get()->pid;
  add_own_child(keeper_pid_);
  return std::nullopt;
}

void ManagedProcess::wake_keeper() const {
  if (keeper_pid_ > 0 && !keeper_ended_) ::kill(keeper_pid_, SIGCONT);
}

void ManagedProcess::send_signal(int signal) {
  if (!running()) return;
  wake_keeper();
  const auto number = static_cast<std::uint8_t>(signal);
  // If the keeper has gone, the notice of its end is already on its way.
  ::send(socket_.get(), &number, sizeof number, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void ManagedProcess::stop(int signal, herd::Duration grace) {
  if (!running()) return;
  send_signal(signal);
  send_signal(SIGCONT);
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(grace).count();
  uv_timer_start(
      grace_->get(),
      [](uv_timer_t* timer) {
        auto& self = *static_cast<ManagedProcess*>(timer->data);
        self.send_signal(SIGKILL);
        self.kill_keeper_later();
      },
      static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0)), 0);
}

void ManagedProcess::kill_keeper_later() {
  constexpr auto kMs = std::chrono::milliseconds(kKeeperTimeout).count();
  uv_timer_start(
      grace_->get(),
      [](uv_timer_t* timer) {
        const auto& self = *static_cast<ManagedProcess*>(timer->data);
        if (!self.keeper_ended_) ::kill(self.keeper_pid_, SIGKILL);
      },
      static_cast<std::uint64_t>(kMs), 0);
}

void ManagedProcess::read_reports() {
  for (;;) {
    KeeperReport report;
    const ssize_t size = ::recv(socket_.get(), &report, sizeof report, 0);
    if (size == sizeof report) {
      take_report(report);
    } else if (size == 0) {
      return socket_watch_.close();  // libuv reports the keeper's end
    } else if (size > 0 || (errno != EINTR && errno != ECONNRESET)) {
      // ECONNRESET comes once if the keeper did not read everything; its reports are still there.
      return;
    }
  }
}

void ManagedProcess::take_report(const KeeperReport& report) {
  const double cpu_s = static_cast<double>(report.cpu_us) / 1e6;
  const auto ended = [&](ProcessEnd::Kind kind) { end_ = {kind, report.value, cpu_s}; };
  switch (report.kind) {
    case KeeperReport::Kind::kStarted:
      pid_ = report.value;
      output_watch_.start(this,
                          [](void* self) { static_cast<ManagedProcess*>(self)->read_output(); });
      if (callbacks_.on_started) callbacks_.on_started(pid_);
      return;
    case KeeperReport::Kind::kNoSuchFolder:
      return ended(ProcessEnd::Kind::kNoSuchFolder);
    case KeeperReport::Kind::kNotExecuted:
      return ended(ProcessEnd::Kind::kNotStarted);
    case KeeperReport::Kind::kExited:
      return ended(ProcessEnd::Kind::kExited);
    case KeeperReport::Kind::kKilled:
      return ended(ProcessEnd::Kind::kKilled);
  }
}

void ManagedProcess::read_output() {
  const auto take = [this](std::string_view line) {
    if (callbacks_.on_output_line) callbacks_.on_output_line(line);
  };
  static thread_local std::array<char, kReadSize> buffer;
  for (int reads = 0; reads < kReadsPerTurn && output_.is_open();) {
    const ssize_t size = ::read(output_.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size > 0) {
      const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
      file_.write(bytes);
      lines_.feed(bytes, take);
      ++reads;
      continue;
    }
    // After the keeper's end, a process that still holds the pipe does not belong to the program.
    if (size < 0 && errno == EAGAIN && !keeper_ended_) return;
    lines_.finish(take);
    return output_is_over();
  }
}

void ManagedProcess::output_is_over() {
  output_watch_.close();
  output_.reset();
  end_when_over();
}

void ManagedProcess::keeper_ended() {
  keeper_ended_ = true;
  read_reports();
  if (!end_) {
    // The keeper was killed. The kernel then killed the command; this kills the rest of its group,
    // and its daemons.
    if (pid_ != 0) ::kill(-pid_, SIGKILL);
    kill_orphans(mark_);
    end_ = pid_ == 0 ? ProcessEnd{ProcessEnd::Kind::kNotStarted, 0, 0}
                     : ProcessEnd{ProcessEnd::Kind::kKilled, SIGKILL, 0};
  }
  if (pid_ == 0) return output_is_over();
  if (!output_.is_open()) return end_when_over();
  read_output();
}

void ManagedProcess::end_when_over() {
  if (over_ || !keeper_ended_ || output_.is_open()) return;
  over_ = true;
  release();
  const auto on_ended = std::move(callbacks_.on_ended);
  const ProcessEnd end = *end_;
  if (on_ended) on_ended(end);
}

void ManagedProcess::kill_and_wait() {
  // libuv must not wait for the process that this function waits for, and must not report an end
  // that it has already seen.
  process_->get()->data = nullptr;
  process_.reset();
  if (keeper_ended_) return;
  wake_keeper();
  ::shutdown(socket_.get(), SHUT_WR);
  output_watch_.close();
  output_.reset();
  const auto abandon = std::chrono::steady_clock::now() + kKeeperTimeout;
  for (bool gone = false; !gone;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(abandon - std::chrono::steady_clock::now());
    pollfd wait{socket_.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) == 0) {
      ::kill(keeper_pid_, SIGKILL);
      break;
    }
    KeeperReport report;
    gone = ::recv(socket_.get(), &report, sizeof report, 0) == 0;
  }
  int status = 0;
  while (::waitpid(keeper_pid_, &status, 0) < 0 && errno == EINTR) {
  }
  remove_own_child(keeper_pid_);
  if (WIFSIGNALED(status)) kill_orphans(mark_);
}

void ManagedProcess::release() {
  socket_watch_.close();
  output_watch_.close();
  socket_.reset();
  output_.reset();
  process_.reset();
  grace_.reset();
  file_.close();
}

}  // namespace sim
