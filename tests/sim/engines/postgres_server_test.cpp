// Tests of a PostgreSQL of the run's own. These tests need the Debian package postgresql.
#include "sim/engines/central/postgres_server.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "sim/engines/central/postgres_connect.h"
#include "tests/sim/base/process_test_support.h"

namespace sim {
namespace {

class PostgresServerTest : public testing::Test {
 protected:
  void TearDown() override {
    const std::filesystem::path folder = server_ ? server_->folder() : "";
    server_.reset();
    if (!folder.empty()) {
      EXPECT_FALSE(std::filesystem::exists(folder));
    }
  }

  void make(bool durable) {
    PostgresServer::Setup setup;
    setup.durable = durable;
    setup.log_file = scratch_.file("logs/postgresql.out");
    setup.keeper = HERDSIM_BINARY;
    server_ = std::make_unique<PostgresServer>(
        loop_, setup,
        PostgresServer::Callbacks{[this] { ready_ = true; },
                                  [this](const Error& error) { failure_ = error.message; }});
    const auto error = server_->prepare();
    ASSERT_FALSE(error) << error->message;
  }
  void start(bool durable = true) {
    make(durable);
    if (HasFatalFailure()) return;
    const auto error = server_->start();
    ASSERT_FALSE(error) << error->message;
    run_until([this] { return ready_ || failure_; });
    ASSERT_TRUE(ready_) << *failure_;
  }
  void run_until(const std::function<bool()>& holds) {
    const std::uint64_t end_ns = uv_hrtime() + kDeadlineNs;
    while (!holds()) {
      ASSERT_LT(uv_hrtime(), end_ns) << "hangs";
      uv_run(loop_.uv(), UV_RUN_ONCE);
    }
  }
  void stop() {
    bool gone = false;
    server_->stop([&gone] { gone = true; });
    run_until([&gone] { return gone; });
  }

  // Returns the one value that a query gives.
  std::string ask(const std::string& sql) const {
    const PgConnection connection = begin_connecting(server_->folder().string());
    while (PQconnectPoll(connection.get()) != PGRES_POLLING_OK) {
      if (PQstatus(connection.get()) == CONNECTION_BAD) return words_of(connection.get());
      uv_sleep(1);
    }
    const PgResult result(PQexec(connection.get(), sql.c_str()));
    if (PQntuples(result.get()) != 1) return words_of(connection.get());
    return PQgetvalue(result.get(), 0, 0);
  }

  ScratchFolder scratch_;
  IoLoop loop_;
  bool ready_ = false;
  std::optional<std::string> failure_;
  std::unique_ptr<PostgresServer> server_;
};

TEST_F(PostgresServerTest, IsDurableAndReachedByNoPort) {
  start();
  if (HasFatalFailure()) return;
  EXPECT_EQ(ask("SHOW fsync"), "on");
  EXPECT_EQ(ask("SHOW synchronous_commit"), "on");
  EXPECT_EQ(ask("SHOW full_page_writes"), "on");
  EXPECT_EQ(ask("SHOW listen_addresses"), "");
  EXPECT_GT(server_->usage().resident_mib, 1.0);
  EXPECT_GT(std::filesystem::file_size(scratch_.file("logs/postgresql.out")), 0U);
  // No other user can look into its folder.
  const auto mode = std::filesystem::status(server_->folder()).permissions();
  EXPECT_EQ(mode & std::filesystem::perms::all, std::filesystem::perms::owner_all);
}

TEST_F(PostgresServerTest, NeedNotBeDurable) {
  start(false);
  if (HasFatalFailure()) return;
  EXPECT_EQ(ask("SHOW fsync"), "off");
  EXPECT_EQ(ask("SHOW synchronous_commit"), "off");
}

TEST_F(PostgresServerTest, LeavesNothing) {
  start();
  if (HasFatalFailure()) return;
  const std::filesystem::path folder = server_->folder();
  const pid_t pid = std::stoi(ask("SELECT pg_backend_pid()"));
  ASSERT_GT(pid, 0);
  EXPECT_TRUE(std::filesystem::exists(server_->socket()));
  stop();
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_TRUE(holds_at_last([pid] { return !is_alive(pid); }));
  EXPECT_FALSE(failure_) << *failure_;
}

TEST_F(PostgresServerTest, CanBeStoppedWhileItIsMade) {
  make(true);
  if (HasFatalFailure()) return;
  ASSERT_FALSE(server_->start());
  const std::filesystem::path folder = server_->folder();
  stop();
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_FALSE(ready_);
  EXPECT_FALSE(failure_) << *failure_;
}

TEST_F(PostgresServerTest, SaysThatItEnded) {
  start();
  if (HasFatalFailure()) return;
  // The pid is that of a child of the server that accepted the connection.
  const pid_t backend = std::stoi(ask("SELECT pg_backend_pid()"));
  ASSERT_GT(backend, 0);
  const std::string postmaster =
      ask("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)");
  ::kill(std::stoi(postmaster), SIGKILL);
  run_until([this] { return failure_.has_value(); });
  EXPECT_NE(failure_->find("killed by SIGKILL"), std::string::npos) << *failure_;
}

}  // namespace
}  // namespace sim
