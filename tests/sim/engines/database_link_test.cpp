// Tests of a front end's path to a database. The test plays both over plain UNIX sockets.
#include "sim/engines/central/database_link.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sim/base/io/address.h"
#include "sim/base/io/owned_fd.h"
#include "sim/engines/central/postgres_server.h"
#include "tests/sim/base/process_test_support.h"

namespace sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}

  static Socket make() {
    return Socket(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  }
  static Socket listening(const std::string& path) {
    Socket out = make();
    const sockaddr_storage address = *unix_address(path);
    EXPECT_EQ(bind(out.fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(sockaddr_un)),
              0);
    EXPECT_EQ(listen(out.fd_.get(), 8), 0);
    return out;
  }
  static Socket dial(const std::string& path) {
    Socket out = make();
    const sockaddr_storage address = *unix_address(path);
    EXPECT_EQ(
        connect(out.fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(sockaddr_un)), 0)
        << std::strerror(errno);
    return out;
  }
  // Takes a connection that waits. Returns false if there is none.
  bool accept_into(Socket& out) const {
    const int fd = accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return false;
    out = Socket(fd);
    return true;
  }
  void close() { fd_.reset(); }
  void send(std::string_view text) const {
    EXPECT_EQ(::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  void end() const { shutdown(fd_.get(), SHUT_WR); }
  // Returns all that has come.
  const std::string& text() {
    char buffer[4096];
    for (;;) {
      const ssize_t size = recv(fd_.get(), buffer, sizeof buffer, 0);
      if (size == 0 || (size < 0 && errno != EAGAIN)) ended_ = true;
      if (size <= 0) return text_;
      text_.append(buffer, static_cast<std::size_t>(size));
    }
  }
  bool ended() {
    text();
    return ended_;
  }

 private:
  OwnedFd fd_;
  std::string text_;
  bool ended_ = false;
};

class DatabaseLinkTest : public testing::Test {
 protected:
  void open(Duration to_database = {}, Duration to_front_end = {}) {
    LinkConditions there, back;
    there.latency = to_database;
    back.latency = to_front_end;
    link_ = std::make_unique<DatabaseLink>(
        alarms_, clock_,
        DatabaseLink::Setup{folder_.path() / "link", database_path_, LinkModel(1, "back", back),
                            LinkModel(1, "there", there),
                            [](const Error& error) { ADD_FAILURE() << error.message; }});
    const auto error = link_->listen();
    ASSERT_FALSE(error) << error->message;
  }
  Socket dial() { return Socket::dial(PostgresServer::socket_in(link_->folder())); }
  bool until(const std::function<bool()>& holds) {
    return holds_at_last([&] {
      uv_run(loop_.uv(), UV_RUN_NOWAIT);
      return holds();
    });
  }
  void turn_a_while() {
    const std::uint64_t end = uv_hrtime() + 20'000'000;
    while (uv_hrtime() < end) uv_run(loop_.uv(), UV_RUN_NOWAIT);
  }
  bool accept(Socket& out) {
    return until([&] { return database_.accept_into(out); });
  }

  ScratchFolder folder_;
  std::string database_path_ = folder_.file("database");
  Socket database_ = Socket::listening(database_path_);
  IoLoop loop_;
  RunClock clock_;
  AlarmClock alarms_{loop_};
  std::unique_ptr<DatabaseLink> link_;
};

TEST_F(DatabaseLinkTest, PassesBytesAndHalfClosesBothWays) {
  open();
  Socket front_end = dial(), backend;
  front_end.send("query");
  ASSERT_TRUE(accept(backend));
  ASSERT_TRUE(until([&] { return backend.text() == "query"; }));
  front_end.end();
  ASSERT_TRUE(until([&] { return backend.ended(); }));
  backend.send("last answer");
  ASSERT_TRUE(until([&] { return front_end.text() == "last answer"; }));
  EXPECT_FALSE(front_end.ended());
  backend.close();
  ASSERT_TRUE(until([&] { return front_end.ended(); }));
  EXPECT_EQ(link_->bytes_to_database(), 5U);
  EXPECT_EQ(link_->bytes_to_front_end(), 11U);
}

// Connecting takes a round trip; then each direction has its latency.
TEST_F(DatabaseLinkTest, EverythingTakesItsTime) {
  open(milliseconds(20), milliseconds(10));
  const herd::Instant begun = clock_.now();
  Socket front_end = dial(), backend;
  front_end.send("query");
  ASSERT_TRUE(accept(backend));
  EXPECT_GE(clock_.now() - begun, milliseconds(30));
  ASSERT_TRUE(until([&] { return backend.text() == "query"; }));
  EXPECT_GE(clock_.now() - begun, milliseconds(50));
  const herd::Instant answered = clock_.now();
  backend.send("answer");
  ASSERT_TRUE(until([&] { return front_end.text() == "answer"; }));
  EXPECT_GE(clock_.now() - answered, milliseconds(10));
}

TEST_F(DatabaseLinkTest, ACutEndsItsConnectionsAndRefusesOthers) {
  for (const CutHow how : {CutHow::kClose, CutHow::kReset}) {
    if (!link_) open();
    Socket front_end = dial(), backend;
    ASSERT_TRUE(accept(backend));
    link_->cut(how);
    EXPECT_FALSE(link_->is_up());
    ASSERT_TRUE(until([&] { return front_end.ended() && backend.ended(); }));
    Socket refused = dial();
    ASSERT_TRUE(until([&] { return refused.ended(); }));
    EXPECT_FALSE(link_->restore());
    Socket again = dial();
    again.send("again");
    ASSERT_TRUE(accept(backend));
    ASSERT_TRUE(until([&] { return backend.text() == "again"; }));
  }
}

TEST_F(DatabaseLinkTest, ABlackholeHoldsBackWhatIsSaid) {
  open();
  Socket front_end = dial(), backend;
  ASSERT_TRUE(accept(backend));
  link_->cut(CutHow::kBlackhole);
  front_end.send("query");
  backend.send("notice");
  Socket late = dial(), late_backend;
  late.send("late");
  ASSERT_TRUE(until([&] { return !link_->idle(); }));
  turn_a_while();
  EXPECT_EQ(backend.text() + front_end.text(), "");
  EXPECT_FALSE(database_.accept_into(late_backend));
  EXPECT_FALSE(link_->restore());
  ASSERT_TRUE(until([&] { return backend.text() == "query" && front_end.text() == "notice"; }));
  ASSERT_TRUE(accept(late_backend));
  ASSERT_TRUE(until([&] { return late_backend.text() == "late"; }));
}

// Forward is from the database. Either direction is held alone; no connection can be made.
TEST_F(DatabaseLinkTest, ABlackholeOfOneDirectionLetsTheOtherThrough) {
  open();
  Socket front_end = dial(), backend;
  ASSERT_TRUE(accept(backend));
  link_->cut(CutHow::kBlackhole, CutWays::kForward);
  backend.send("notice");
  front_end.send("query");
  ASSERT_TRUE(until([&] { return backend.text() == "query"; }));
  turn_a_while();
  EXPECT_EQ(front_end.text(), "");
  Socket late = dial(), late_backend;
  turn_a_while();
  EXPECT_FALSE(database_.accept_into(late_backend));
  EXPECT_FALSE(link_->restore());
  ASSERT_TRUE(until([&] { return front_end.text() == "notice"; }));
  link_->cut(CutHow::kBlackhole, CutWays::kBackward);
  front_end.send("again");
  backend.send("more");
  ASSERT_TRUE(until([&] { return front_end.text() == "noticemore"; }));
  turn_a_while();
  EXPECT_EQ(backend.text(), "query");
  EXPECT_FALSE(link_->restore());
  ASSERT_TRUE(until([&] { return backend.text() == "queryagain"; }));
}

// As in TCP, one connection's losses do not delay another one.
TEST_F(DatabaseLinkTest, AConnectionDoesNotWaitForAnother) {
  open();
  Socket slow = dial(), slow_backend;
  ASSERT_TRUE(accept(slow_backend));
  TwoWayConditions conditions;
  conditions.backward.latency = hours(1);
  link_->set(conditions);
  slow.send("slow");
  ASSERT_TRUE(until([&] { return link_->bytes_to_database() == 4; }));
  link_->set({});
  Socket quick = dial(), quick_backend;
  quick.send("quick");
  ASSERT_TRUE(accept(quick_backend));
  ASSERT_TRUE(until([&] { return quick_backend.text() == "quick"; }));
  EXPECT_EQ(slow_backend.text(), "");
}

TEST_F(DatabaseLinkTest, EndsTheConnectionIfTheDatabaseIsGone) {
  open();
  database_.close();
  Socket front_end = dial();
  ASSERT_TRUE(until([&] { return front_end.ended(); }));
}

TEST_F(DatabaseLinkTest, ClosesEveryDescriptor) {
  open(milliseconds(1));
  const std::size_t with_listener = count_open_descriptors();
  {
    Socket ended = dial(), held = dial(), waiting, backend;
    ASSERT_TRUE(accept(backend));
    ended.close();
    link_->cut(CutHow::kBlackhole);
    waiting = dial();
    turn_a_while();
    link_.reset();
  }
  EXPECT_TRUE(until([&] { return count_open_descriptors() == with_listener - 1; }));
}

TEST_F(DatabaseLinkTest, SaysThatAPathIsTooLong) {
  DatabaseLink link(
      alarms_, clock_,
      {folder_.path() / "link", "/" + std::string(200, 'x'), LinkModel(1, "back", {}),
       LinkModel(1, "there", {}), [](const Error& error) { ADD_FAILURE() << error.message; }});
  const auto error = link.listen();
  ASSERT_TRUE(error);
  EXPECT_NE(error->message.find("too long"), std::string::npos) << error->message;
}

}  // namespace
}  // namespace sim
