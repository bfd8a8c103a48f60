#include "sim/base/process/managed_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/base/process/own_binary.h"
#include "sim/base/process/process_usage.h"
#include "sim/base/text/read_file.h"
#include "tests/sim/base/process_test_support.h"

namespace sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ManagedProcess, HandsInLinesOfBothOutputsAndTheEnd) {
  IoLoop loop;
  Program program(loop, shell("echo one; echo two >&2; printf 'three\\r\\n\\nrest'; exit 7"));
  program.start();
  EXPECT_TRUE(program.process->running());
  EXPECT_EQ(program.process->pid(), 0);
  EXPECT_EQ(program.run_to_end(), "exit status 7");
  EXPECT_THAT(program.lines, ElementsAre("one", "two", "three", "", "rest"));
  EXPECT_GT(program.started, 0);
  EXPECT_EQ(program.end->kind, ProcessEnd::Kind::kExited);
  EXPECT_EQ(program.end->value, 7);
  EXPECT_EQ(program.process->pid(), 0);
  EXPECT_FALSE(is_alive(program.started));
}

TEST(ManagedProcess, ArgumentsArriveAsTheyAre) {
  IoLoop loop;
  Program program(loop,
                  {"printf", "<%s>\\n", "", "--", "[a,b]", "{}", "-v", "--help", "a b", "$X"});
  program.start();
  EXPECT_EQ(program.run_to_end(), "exit status 0");
  EXPECT_THAT(program.lines,
              ElementsAre("<>", "<-->", "<[a,b]>", "<{}>", "<-v>", "<--help>", "<a b>", "<$X>"));
}

TEST(ManagedProcess, WhatCannotBeExecutedIsAnEnd) {
  IoLoop loop;
  Program missing(loop, {"/nowhere/server"});
  missing.start();
  EXPECT_EQ(missing.run_to_end(), "cannot be started: No such file or directory");
  EXPECT_EQ(missing.started, 0);
  EXPECT_EQ(missing.end->value, ENOENT);
  EXPECT_FALSE(missing.end->was_started());

  Program no_program(loop, {"/"});
  no_program.start();
  EXPECT_EQ(no_program.run_to_end(), "cannot be started: Permission denied");

  Program no_folder(loop, {"true"}, [](auto& setup) { setup.cwd = "/nowhere"; });
  no_folder.start();
  EXPECT_EQ(no_folder.run_to_end(), "cannot be started in its folder: No such file or directory");
}

TEST(ManagedProcess, WhatCannotEvenBeTriedIsAnError) {
  IoLoop loop;
  const std::size_t before = count_open_descriptors();
  const auto words = [&](const std::function<void(ManagedProcess::Setup&)>& change) {
    Program program(loop, {"true"}, change);
    const auto error = program.process->start();
    EXPECT_FALSE(program.process->running());
    return error ? error->message : "none";
  };
  EXPECT_EQ(words([](auto& setup) { setup.keeper = "/nowhere/herdsim"; }),
            "cannot start /nowhere/herdsim: no such file or directory");
  EXPECT_EQ(words([](auto& setup) { setup.command.clear(); }), "there is no command");
  EXPECT_EQ(words([](auto& setup) {
              setup.env = {{"A=B", "c"}};
            }),
            "'A=B' cannot be an environment variable");
  EXPECT_EQ(words([](auto& setup) { setup.output_file = "/nowhere/output"; }),
            "/nowhere/output: cannot be opened: no such file or directory");
  uv_run(loop.uv(), UV_RUN_NOWAIT);
  EXPECT_EQ(count_open_descriptors(), before);
}

TEST(ManagedProcess, AKeeperThatIsNoneIsAnEnd) {
  IoLoop loop;
  Program program(loop, {"true"}, [](auto& setup) { setup.keeper = "/bin/false"; });
  program.start();
  EXPECT_EQ(program.run_to_end(), "cannot be started: its keeper ended first");
}

TEST(ManagedProcess, RunsInItsFolderWithItsVariables) {
  const ScratchFolder folder;
  IoLoop loop;
  ::setenv("HERDSIM_TEST_OURS", "ours", 1);
  ::setenv("HERDSIM_TEST_BOTH", "ours", 1);
  ::setenv("HERDSIM_KEEP_0", "somebody else's", 1);
  {
    std::ofstream script(folder.file("server"));
    script << "#!/bin/sh\npwd -P\necho $HERDSIM_TEST_OURS $HERDSIM_TEST_BOTH\n"
           << "echo \"$HERDSIM_TEST_OWN\"\nenv | grep HERDSIM_KEEP\n";
  }
  std::filesystem::permissions(folder.file("server"), std::filesystem::perms::owner_all);
  Program program(loop, {"./server"}, [&](auto& setup) {
    setup.cwd = folder.path().string();
    setup.env = {{"HERDSIM_TEST_BOTH", "its"},
                 {"HERDSIM_TEST_OWN", "a = b"},
                 {"LD_PRELOAD", ""},
                 {"PATH", std::getenv("PATH")}};
  });
  program.start();
  program.run_to_end();
  EXPECT_THAT(program.lines,
              ElementsAre(std::filesystem::canonical(folder.path()).string(), "ours its", "a = b"));
}

std::string proc_path(pid_t pid, const std::string& name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

std::set<std::string> open_descriptors(pid_t pid) {
  std::set<std::string> numbers;
  for (const auto& entry : std::filesystem::directory_iterator(proc_path(pid, "fd"))) {
    numbers.insert(entry.path().filename().string());
  }
  return numbers;
}

// Returns the signals that /proc/PID/status lists under `name`. Leaves out the two that the C
// library keeps for itself: no program can set them, so they keep the state that an ancestor set.
std::set<int> signals_listed(pid_t pid, const std::string& name) {
  std::ifstream status(proc_path(pid, "status"));
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(name + ":")) continue;
    const std::uint64_t mask = std::stoull(line.substr(name.size() + 1), nullptr, 16);
    std::set<int> signals;
    for (int number = 1; number <= 64; ++number) {
      const bool of_library = number > SIGSYS && number < SIGRTMIN;
      if (!of_library && ((mask >> (number - 1)) & 1U) != 0) signals.insert(number);
    }
    return signals;
  }
  ADD_FAILURE() << "no " << name;
  return {};
}

// If a program inherited more than standard input and output, it would keep others' pipes open.
TEST(ManagedProcess, InheritsNothingAndStartsAfresh) {
  IoLoop loop;
  const int leaking = ::open("/dev/null", O_RDONLY);  // NOLINT: without O_CLOEXEC on purpose
  ::signal(SIGUSR1, SIG_IGN);
  sigset_t blocked;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  // `cat` ends at once, because standard input is empty.
  Program program(loop, shell("cat; echo up; exec sleep 1000"));
  program.start();
  program.run_until_lines(1);
  ::pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  ::signal(SIGUSR1, SIG_DFL);
  ::close(leaking);
  EXPECT_THAT(program.lines, ElementsAre("up"));
  // The system's loader opens libraries for `sleep` meanwhile.
  EXPECT_TRUE(holds_at_last([&] {
    return open_descriptors(program.started) == std::set<std::string>{"0", "1", "2"};
  })) << testing::PrintToString(open_descriptors(program.started));
  EXPECT_THAT(signals_listed(program.started, "SigBlk"), IsEmpty());
  EXPECT_THAT(signals_listed(program.started, "SigIgn"), IsEmpty());
  EXPECT_EQ(::getpgid(program.started), program.started);
  program.process->send_signal(SIGKILL);
  EXPECT_EQ(program.run_to_end(), "killed by SIGKILL");
}

TEST(ManagedProcess, IsKilledWithDaemonsThatLeftItsGroup) {
  IoLoop loop;
  Program program(loop, shell("setsid sleep 1000 & echo $!; (setsid sh -c 'sleep 1000 & echo $!; "
                              "wait' & ) ; read x < /dev/null; sleep 1000"));
  program.start();
  program.run_until_lines(2);
  std::vector<pid_t> pids = {program.started};
  for (const std::string& line : program.lines) pids.push_back(std::stoi(line));
  for (const pid_t pid : pids) EXPECT_TRUE(is_alive(pid)) << pid;
  program.process->send_signal(SIGKILL);
  EXPECT_EQ(program.run_to_end(), "killed by SIGKILL");
  for (const pid_t pid : pids) EXPECT_FALSE(is_alive(pid)) << pid;
}

TEST(ManagedProcess, DaemonsEndWithTheCommand) {
  const ScratchFolder folder;
  IoLoop loop;
  Program program(loop,
                  shell("mkfifo up; setsid sh -c 'trap \"\" TERM HUP; echo $$ > up; while :; do "
                        "sleep 1000; done' & read pid < up; echo $pid; exit 3"),
                  [&](auto& setup) { setup.cwd = folder.path().string(); });
  program.start();
  EXPECT_EQ(program.run_to_end(), "exit status 3");
  ASSERT_EQ(program.lines.size(), 1U);
  EXPECT_FALSE(is_alive(std::stoi(program.lines[0])));
}

TEST(ManagedProcess, ItsScratchFolderIsItsOwnersWhileThereIsOne) {
  const ScratchFolder folder;
  const std::string scratch = folder.file("scratch");
  const auto make = [&](auto& setup) {
    std::filesystem::create_directories(scratch + "/inner");
    setup.cwd = setup.scratch = scratch;
  };
  IoLoop loop;
  Program ends(loop, shell("touch inner/file"), make);
  ends.start();
  EXPECT_EQ(ends.run_to_end(), "exit status 0");
  EXPECT_TRUE(std::filesystem::exists(scratch + "/inner/file"));
  {
    Program left(loop, shell("touch inner/other; echo up; sleep 1000"), make);
    left.start();
    left.run_until_lines(1);
  }
  EXPECT_TRUE(holds_at_last([&] { return !std::filesystem::exists(scratch); }));
}

TEST(ManagedProcess, GoesWithItsOwner) {
  const std::size_t before = [] {
    const IoLoop first;
    return count_open_descriptors();
  }();
  std::vector<pid_t> pids;
  {
    IoLoop loop;
    Program program(loop, shell("setsid sleep 1000 & echo $!; trap '' TERM; sleep 1000"));
    program.start();
    program.run_until_lines(1);
    pids = {program.started, std::stoi(program.lines[0]), program.process->keeper_pid()};
    for (const pid_t pid : pids) EXPECT_TRUE(is_alive(pid));
    program.process.reset();
    for (const pid_t pid : pids) EXPECT_FALSE(is_alive(pid));
    EXPECT_EQ(::kill(pids[2], 0), -1) << "the keeper was waited for";
    EXPECT_FALSE(program.end);

    // Destroys a process that has not even started.
    Program hasty(loop, {"sleep", "1000"});
    hasty.start();
    const pid_t keeper = hasty.process->keeper_pid();
    hasty.process.reset();
    EXPECT_EQ(::kill(keeper, 0), -1);
  }
  EXPECT_LE(count_open_descriptors(), before);
}

// If the keeper's owner is killed and can do nothing more, all processes still end.
TEST(ManagedProcess, NothingOutlivesAnOwnerThatIsKilled) {
  const ScratchFolder folder;
  const std::string pids_file = folder.file("pids");
  EXPECT_EXIT(
      {
        IoLoop loop;
        Program program(loop, shell("setsid sleep 1000 & a=$!; trap '' TERM HUP INT; sleep 1000 & "
                                    "echo $$ $a $!; wait"));
        program.start();
        program.run_until_lines(1);
        std::ofstream(pids_file) << program.lines[0] << ' ' << program.process->keeper_pid();
        ::raise(SIGKILL);
      },
      testing::KilledBySignal(SIGKILL), "");
  std::ifstream pids(pids_file);
  int count = 0;
  for (pid_t pid = 0; pids >> pid; ++count) {
    EXPECT_TRUE(holds_at_last([pid] { return !is_alive(pid); })) << pid;
  }
  EXPECT_EQ(count, 4);
}

TEST(ManagedProcess, DiesWithAKeeperThatIsKilled) {
  IoLoop loop;
  Program program(loop, shell("sleep 1000 & echo $!; wait"));
  program.start();
  program.run_until_lines(1);
  ::kill(program.process->keeper_pid(), SIGKILL);
  EXPECT_EQ(program.run_to_end(), "killed by SIGKILL");
  EXPECT_TRUE(holds_at_last([&] { return !is_alive(program.started); }));
  EXPECT_TRUE(holds_at_last([&] { return !is_alive(std::stoi(program.lines[0])); }));
}

// Starts a daemon that has left its group, its session and its parent, and prints its pid.
constexpr const char* kDaemon = "(setsid sh -c 'echo $$; exec sleep 1000' &); ";

TEST(ManagedProcess, DaemonsDieWithAKeeperThatIsKilled) {
  IoLoop loop;
  Program program(loop, shell(std::string(kDaemon) + "exec sleep 1000"));
  program.start();
  program.run_until_lines(1);
  const pid_t daemon = std::stoi(program.lines[0]);
  ASSERT_TRUE(is_alive(daemon));
  ::kill(program.process->keeper_pid(), SIGKILL);
  EXPECT_EQ(program.run_to_end(), "killed by SIGKILL");
  EXPECT_FALSE(is_alive(daemon));
  EXPECT_EQ(::kill(daemon, 0), -1) << "it was waited for";
}

TEST(ManagedProcess, DaemonsWithoutOurEnvironmentDieToo) {
  IoLoop loop;
  Program program(loop,
                  shell("(env -i setsid sh -c 'echo $$; exec sleep 1000' &); exec sleep 1000"));
  program.start();
  program.run_until_lines(1);
  const pid_t daemon = std::stoi(program.lines[0]);
  ::kill(program.process->keeper_pid(), SIGKILL);
  EXPECT_EQ(program.run_to_end(), "killed by SIGKILL");
  EXPECT_FALSE(is_alive(daemon));
}

TEST(ManagedProcess, OtherProgramsLiveOnWhenAKeeperIsKilled) {
  IoLoop loop;
  Program one(loop, shell(std::string(kDaemon) + "exec sleep 1000"));
  Program other(loop, shell(std::string(kDaemon) + "exec sleep 1000"));
  one.start();
  other.start();
  one.run_until_lines(1);
  other.run_until_lines(1);
  ::kill(one.process->keeper_pid(), SIGKILL);
  EXPECT_EQ(one.run_to_end(), "killed by SIGKILL");
  EXPECT_TRUE(is_alive(other.started));
  EXPECT_TRUE(is_alive(std::stoi(other.lines[0])));
  other.process->stop(SIGKILL, hours(1));
  other.run_to_end();
  EXPECT_FALSE(is_alive(std::stoi(other.lines[0])));
}

TEST(ManagedProcess, AKeeperThatIsStoppedObeysAllTheSame) {
  IoLoop loop;
  Program program(loop, shell(std::string(kDaemon) + "exec sleep 1000"));
  program.start();
  program.run_until_lines(1);
  ::kill(program.process->keeper_pid(), SIGSTOP);
  program.process->stop(SIGTERM, hours(1));
  EXPECT_EQ(program.run_to_end(), "killed by SIGTERM");
  EXPECT_FALSE(is_alive(std::stoi(program.lines[0])));
  Program hasty(loop, shell("exec sleep 1000"));
  hasty.start();
  hasty.run_until_started();
  const pid_t pid = hasty.started;
  ::kill(hasty.process->keeper_pid(), SIGSTOP);
  hasty.process.reset();
  EXPECT_FALSE(is_alive(pid));
}

TEST(ManagedProcess, TheKeeperMindsNoSignal) {
  IoLoop loop;
  Program program(loop, shell("trap 'exit 5' USR1; echo up; while :; do sleep 0.01; done"));
  program.start();
  program.run_until_lines(1);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGUSR2}) {
    ::kill(program.process->keeper_pid(), signal);
  }
  program.process->send_signal(SIGUSR1);
  EXPECT_EQ(program.run_to_end(), "exit status 5");
}

TEST(ManagedProcess, EndsOnASignalWithinTheGrace) {
  IoLoop loop;
  Program program(loop,
                  shell("trap 'echo bye; exit 4' TERM; echo up; while :; do sleep 0.01; done"));
  program.start();
  program.run_until_lines(1);
  program.process->stop(SIGTERM, hours(1));
  EXPECT_EQ(program.run_to_end(), "exit status 4");
  EXPECT_EQ(program.lines.back(), "bye");
}

TEST(ManagedProcess, IsKilledAfterTheGrace) {
  IoLoop loop;
  Program program(loop, shell("trap '' TERM; echo up; while :; do sleep 0.01; done"));
  program.start();
  program.run_until_lines(1);
  program.process->stop(SIGTERM, milliseconds(20));
  EXPECT_EQ(program.run_to_end(), "killed by SIGKILL");
}

char state_of(pid_t pid) {
  const ProcessTable table = ProcessTable::read();
  const ProcessEntry* process = table.find(pid);
  return process == nullptr ? '-' : process->state;
}

TEST(ManagedProcess, PausesAndGoesOnAndIsStoppedWhilePaused) {
  IoLoop loop;
  // The script starts no program: a shell that waits for a child to call exec does not show as
  // stopped.
  Program program(loop, shell("trap 'echo bye; exit 4' TERM; echo up; while :; do :; done"));
  program.start();
  program.run_until_lines(1);
  const pid_t pid = program.process->pid();
  EXPECT_EQ(pid, program.started);
  program.process->send_signal(SIGSTOP);
  EXPECT_TRUE(holds_at_last([&] { return state_of(pid) == 'T'; }));
  EXPECT_TRUE(program.process->running());
  program.process->send_signal(SIGCONT);
  EXPECT_TRUE(holds_at_last([&] { return state_of(pid) != 'T'; }));
  program.process->send_signal(SIGSTOP);
  EXPECT_TRUE(holds_at_last([&] { return state_of(pid) == 'T'; }));
  program.process->stop(SIGTERM, hours(1));
  EXPECT_EQ(program.run_to_end(), "exit status 4");
}

TEST(ManagedProcess, MayBeDestroyedWhenItHasEnded) {
  IoLoop loop;
  std::unique_ptr<ManagedProcess> process;
  bool ended = false;
  ManagedProcess::Setup setup;
  setup.command = {"echo", "x"};
  setup.keeper = HERDSIM_BINARY;
  process = std::make_unique<ManagedProcess>(
      loop, setup, ManagedProcess::Callbacks{{}, {}, [&](const ProcessEnd&) {
                                               process.reset();
                                               ended = true;
                                             }});
  ASSERT_FALSE(process->start());
  for (const std::uint64_t end = uv_hrtime() + kDeadlineNs; !ended && uv_hrtime() < end;) {
    uv_run(loop.uv(), UV_RUN_ONCE);
  }
  EXPECT_TRUE(ended);
}

TEST(ManagedProcess, ManyEndAtOnceAndNoDescriptorIsLeft) {
  IoLoop loop;
  const auto round = [&] {
    std::vector<std::unique_ptr<Program>> programs;
    for (int i = 0; i < 8; ++i) {
      programs.push_back(
          std::make_unique<Program>(loop, shell("echo x; exit " + std::to_string(i))));
      programs.back()->start();
    }
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(programs[static_cast<std::size_t>(i)]->run_to_end(),
                "exit status " + std::to_string(i));
    }
  };
  round();  // opens the descriptors that libuv keeps
  const std::size_t before = count_open_descriptors();
  round();
  EXPECT_EQ(count_open_descriptors(), before);
}

TEST(ManagedProcess, KeepsItsOutputAndAddsToIt) {
  const ScratchFolder folder;
  IoLoop loop;
  for (const std::string text : {"first", "second"}) {
    Program program(loop, {"echo", text},
                    [&](auto& setup) { setup.output_file = folder.file("output.log"); });
    program.start();
    program.run_to_end();
    EXPECT_FALSE(program.process->output_error());
  }
  EXPECT_EQ(read_file(folder.file("output.log")), "first\nsecond\n");
}

TEST(ManagedProcess, AFloodIsReadThoughNotKept) {
  const ScratchFolder folder;
  IoLoop loop;
  Program program(loop, shell("head -c 20000000 /dev/zero | tr '\\0' x; echo; echo last"),
                  [&](auto& setup) {
                    setup.output_file = folder.file("output.log");
                    setup.max_output_bytes = 1000;
                  });
  program.start();
  EXPECT_EQ(program.run_to_end(), "exit status 0");
  ASSERT_EQ(program.lines.size(), 2U);
  EXPECT_EQ(program.lines[0], std::string(65536, 'x'));
  EXPECT_EQ(program.lines[1], "last");
  EXPECT_EQ(read_file(folder.file("output.log")),
            std::string(1000, 'x') + "\nherdsim: the output beyond 1000 bytes is not kept\n");
}

// Other handles of the loop get their turns while a program writes as fast as it can.
TEST(ManagedProcess, AFloodDoesNotStarveTheLoop) {
  IoLoop loop;
  Program program(loop, {"yes"});
  program.start();
  program.run_until_lines(1);
  std::size_t most_in_a_turn = 0;
  for (int turn = 0; turn < 200; ++turn) {
    program.lines.clear();
    uv_run(loop.uv(), UV_RUN_ONCE);
    most_in_a_turn = std::max(most_in_a_turn, program.lines.size());
  }
  EXPECT_LE(most_in_a_turn, 4U * 65536 / 2) << "lines of two bytes";
  program.process->send_signal(SIGKILL);
  EXPECT_EQ(program.run_to_end(), "killed by SIGKILL");
}

TEST(ManagedProcess, UsageCountsDescendantsAndNotTheKeeper) {
  IoLoop loop;
  const std::string burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; ";
  // A daemon that has used time and still runs, a child that its parent waited for, and a daemon
  // that has ended.
  Program program(loop, shell("setsid sh -c '" + burn + "echo a; sleep 1000' & sh -c '" + burn +
                              "'; echo b; (setsid sh -c '" + burn + "echo c' &); sleep 1000"));
  program.start();
  program.run_until_lines(3);
  const pid_t keeper = program.process->keeper_pid();
  // A process that ends while the table is read may be missing from both its own and its parent's
  // entry.
  std::optional<ProcessTable> read;
  ASSERT_TRUE(holds_at_last([&] {
    read.emplace(ProcessTable::read());
    return usage_under_keeper(*read, keeper).cpu_s > usage_of(*read, program.started).cpu_s;
  })) << "the daemons' too";
  const ProcessTable& table = *read;
  const ProcessUsage all = usage_under_keeper(table, keeper);
  const ProcessUsage command = usage_of(table, program.started);
  EXPECT_GT(command.cpu_s, 0);
  EXPECT_GT(command.resident_mib, 0);
  EXPECT_GE(all.resident_mib, command.resident_mib);
  const std::uint64_t keeper_pages = table.find(keeper)->resident_pages;
  EXPECT_NEAR(all.resident_mib + static_cast<double>(keeper_pages * 4096) / (1024 * 1024),
              usage_of(table, keeper).resident_mib, 1e-6);
  program.process->send_signal(SIGKILL);
  program.run_to_end();
  EXPECT_GT(program.end->cpu_s, command.cpu_s);
  EXPECT_EQ(usage_under_keeper(ProcessTable::read(), keeper).cpu_s, 0);
}

TEST(OwnBinary, IsThisProgram) {
  EXPECT_TRUE(std::filesystem::equivalent(own_binary(), "/proc/self/exe"));
  EXPECT_THAT(own_binary(), HasSubstr("sim_tests"));
}

}  // namespace
}  // namespace sim
