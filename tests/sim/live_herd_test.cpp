#include "sim/live/live_herd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/format.h"
#include "core/limits.h"
#include "sim/checker/closed_forms.h"
#include "sim/live/link_proof.h"
#include "tests/sim/results_support.h"

namespace sim {
namespace {

constexpr auto kDeadline = std::chrono::seconds(60);
constexpr int kTiny = 4096;  // a receive buffer that is soon full
const std::string kSecret = "the secret of this test";

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// A plain socket of the test's own: a client, a neighbour, or where a neighbour listens.
class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  ~Socket() { close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket(Socket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), text_(std::move(other.text_)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(text_, other.text_);
    return *this;
  }

  static Socket dial(std::uint16_t port, int receive_buffer = 0) {
    Socket out(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    out.shrink(receive_buffer);
    const sockaddr_in address = loopback(port);
    EXPECT_EQ(connect(out.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
        << std::strerror(errno);
    return out;
  }
  static Socket listening(int receive_buffer = 0) {
    Socket out(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    out.shrink(receive_buffer);
    const sockaddr_in address = loopback(0);
    EXPECT_EQ(bind(out.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(out.fd_, 8), 0);
    return out;
  }

  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  // Somebody who waits to be let in; nullopt where nobody does.
  std::optional<Socket> take_caller() const {
    pollfd ready{fd_, POLLIN, 0};
    if (poll(&ready, 1, 0) != 1) return std::nullopt;
    return Socket(accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC));
  }
  // As much as goes at once; how much that was.
  std::size_t send_some(std::string_view text) const {
    const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }
  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      ASSERT_GT(sent, 0) << std::strerror(errno);
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void end() const { shutdown(fd_, SHUT_WR); }
  // Takes what is there; true once the other side has ended, in whatever way.
  bool take() {
    std::string buffer(64 * 1024, '\0');
    for (;;) {
      const ssize_t size = recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (size == 0) return true;
      if (size < 0) return reset_ = errno != EAGAIN;
      text_.append(buffer, 0, static_cast<std::size_t>(size));
    }
  }
  // What came so far.
  const std::string& text() const { return text_; }
  std::size_t lines() const {
    return static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n'));
  }
  void forget() { text_.clear(); }
  bool was_reset() const { return reset_; }

 private:
  void shrink(int receive_buffer) const {
    if (receive_buffer == 0) return;
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }

  int fd_;
  std::string text_;
  bool reset_ = false;
};

// Counts every decision.
struct CountingObserver final : herd::Observer {
  struct Direction {
    std::uint64_t messages = 0, bytes = 0;
  };

  void update_heard(herd::ServerId, const herd::RecordView&, herd::Verdict verdict,
                    herd::Moment) override {
    ++(verdict == herd::Verdict::kTaken ? accepted : not_news);
  }
  void update_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment) override {
    Direction& direction = sent[{server.value, to.value}];
    ++direction.messages;
    direction.bytes += report.line.size() + 1;
    ++messages_sent;
    if (on_sent) on_sent();
  }
  void update_received(herd::ServerId, herd::NeighborId, const herd::RecordView&,
                       herd::Verdict verdict, herd::Moment) override {
    ++messages_received;
    if (verdict == herd::Verdict::kTaken) ++useful;
  }
  void repair_sent(herd::ServerId, herd::NeighborId, const herd::RecordView&,
                   herd::Moment) override {}
  void summary_sent(herd::ServerId, herd::NeighborId, std::size_t, herd::Moment) override {}
  void link_in_step(herd::ServerId, herd::NeighborId, herd::Moment) override {}
  void link_up(herd::ServerId, herd::NeighborId, herd::Moment) override { ++ups; }
  void link_down(herd::ServerId, herd::NeighborId, herd::Moment) override { ++downs; }
  void line_refused(herd::ServerId, std::string_view, const herd::ParseError&,
                    bool on_link) override {
    ++(on_link ? refused_on_link : refused);
  }
  void query_heard(herd::ServerId, const herd::Whatsat&) override { ++queries; }

  std::function<void()> on_sent;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Direction> sent;
  std::uint64_t accepted = 0, not_news = 0, messages_sent = 0, messages_received = 0, useful = 0;
  std::uint64_t ups = 0, downs = 0, refused = 0, refused_on_link = 0, queries = 0;
};

HerdSpec make_spec(const std::vector<std::string>& servers, std::vector<LinkSpec> links,
                   herd::Scheme scheme = herd::Scheme::kFloodEcho) {
  HerdSpec spec;
  spec.name = "test";
  for (const std::string& name : servers) {
    spec.servers.emplace_back();
    spec.servers.back().name = name;
  }
  spec.links = std::move(links);
  spec.propagation = scheme;
  return spec;
}

HerdSpec paper(herd::Scheme scheme) {
  return make_spec({"Alford", "Ball", "Hamilton", "Holiday", "Welsh"},
                   {{0, 2}, {0, 4}, {1, 3}, {1, 4}, {2, 3}}, scheme);
}

HerdSpec pair() { return make_spec({"Alford", "Welsh"}, {{0, 1}}); }

std::string iamat(const std::string& client, int time) {
  return "IAMAT " + client + " +34.068930-118.445127 " + std::to_string(1'479'413'884 + time) +
         ".5\n";
}

std::size_t count_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

class LiveHerdTest : public testing::Test {
 protected:
  static constexpr herd::NeighborId kFirst{0};

  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  // Makes the herd and has it listen.
  void make(HerdSpec spec, LiveLimits limits = {}, std::unordered_set<std::string> hosted = {}) {
    spec_ = std::move(spec);
    if (loop_ == nullptr) loop_ = std::make_unique<IoLoop>();
    LiveHerd::Setup setup;
    setup.spec = &spec_;
    setup.secret = kSecret;
    setup.limits = limits;
    setup.hosted = std::move(hosted);
    setup.on_link_proven = [this] { ++proven_; };
    setup.on_server_changed = [](herd::ServerId, bool) {};
    herd_ = std::make_unique<LiveHerd>(*loop_, clock_, seen_, std::move(setup));
    const auto error = herd_->listen(ServerLogs::to_files(folder_.path(), spdlog::level::info));
    ASSERT_FALSE(error) << error->message;
  }
  // … and has every link proven.
  void start(HerdSpec spec, LiveLimits limits = {}) {
    make(std::move(spec), limits);
    herd_->start();
    ASSERT_TRUE(run_until([&] { return herd_->all_links_up(); })) << herd_->links_missing();
  }

  void turn() { uv_run(loop_->uv(), UV_RUN_NOWAIT); }
  bool run_until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      turn();
      pollfd ready{uv_backend_fd(loop_->uv()), POLLIN, 0};
      poll(&ready, 1, 1);
    }
    return true;
  }
  bool run_until_text(Socket& socket, const std::string& text) {
    const bool came =
        run_until([&] { return socket.take() || socket.text().size() >= text.size(); });
    EXPECT_EQ(socket.text(), text);
    return came && socket.text() == text;
  }
  bool run_until_lines(Socket& socket, std::size_t lines) {
    return run_until([&] { return socket.take() || socket.lines() >= lines; }) &&
           socket.lines() >= lines;
  }
  bool run_until_ended(Socket& socket) {
    return run_until([&] { return socket.take(); });
  }
  bool run_until_all_received() {
    return run_until(
        [&] { return seen_.messages_sent > 0 && seen_.messages_received == seen_.messages_sent; });
  }

  Socket client(std::uint32_t server) { return Socket::dial(herd_->port(server)); }
  const LiveServer& server(std::uint32_t index) { return *herd_->server(index); }
  std::size_t known(std::uint32_t index) { return server(index).core().records().sorted().size(); }
  std::string line_of(const char* command, const std::string& from, const std::string& to) {
    return herd::format_greeting(
               command, {spec_.name, from, to, link_proof(kSecret, spec_.name, from, to)}) +
           '\n';
  }
  std::string link(const std::string& from, const std::string& to) {
    return line_of("LINK", from, to);
  }
  std::string linked(const std::string& from, const std::string& to) {
    return line_of("LINKED", from, to);
  }

  // Each direction's bytes on the wire are its messages and its one greeting.
  void expect_exact_wire_bytes() {
    for (std::uint32_t s = 0; s < spec_.servers.size(); ++s) {
      const auto& neighbors = herd_->adjacency()[s];
      for (std::uint32_t n = 0; n < neighbors.size(); ++n) {
        const std::string& from = spec_.servers[s].name;
        const std::string& to = spec_.servers[neighbors[n].peer].name;
        const std::size_t greeting =
            (neighbors[n].dials ? link(from, to) : linked(from, to)).size();
        EXPECT_EQ(server(s).way(herd::NeighborId{n}).bytes_handed(),
                  seen_.sent[std::pair(s, n)].bytes + greeting)
            << from << " to " << to;
      }
    }
  }

  // Lets A's dial in, takes its LINK line and acknowledges it.
  Socket prove_to_dialler(const Socket& listener, const std::string& dialler,
                          const std::string& own) {
    Socket out;
    EXPECT_TRUE(run_until([&] {
      auto caller = listener.take_caller();
      if (caller) out = std::move(*caller);
      return caller.has_value();
    }));
    EXPECT_TRUE(run_until_text(out, link(dialler, own)));
    out.forget();
    out.send(linked(own, dialler));
    return out;
  }

  test::TempFolder folder_;
  RunClock clock_;
  HerdSpec spec_;
  CountingObserver seen_;
  int proven_ = 0;  // ends of links
  std::unique_ptr<IoLoop> loop_;
  std::unique_ptr<LiveHerd> herd_;
};

TEST_F(LiveHerdTest, LinksAreProvenAtBothEnds) {
  make(paper(herd::Scheme::kFloodEcho));
  EXPECT_FALSE(herd_->all_links_up());
  EXPECT_EQ(herd_->links_missing(),
            "Alford - Hamilton, Alford - Welsh, Ball - Holiday, Ball - Welsh, Hamilton - Holiday");
  herd_->start();
  ASSERT_TRUE(run_until([&] { return proven_ == 10; }));
  EXPECT_TRUE(herd_->all_links_up());
  EXPECT_EQ(herd_->links_missing(), "");
  EXPECT_EQ(seen_.ups, 10U);
  EXPECT_EQ(seen_.downs, 0U);
  expect_exact_wire_bytes();
}

class LiveHerdFloodTest : public LiveHerdTest, public testing::WithParamInterface<herd::Scheme> {};

TEST_P(LiveHerdFloodTest, ReachesEverybodyAndTheBytesAreTheMessages) {
  start(paper(GetParam()));
  Socket phone = client(0);
  constexpr int kUpdates = 200;
  std::string all;
  for (int i = 0; i < kUpdates; ++i) all += iamat("kiwi-" + std::to_string(i % 20), i);
  phone.send(all);
  const FloodCounts each = closed_form(GetParam(), {5, 5});
  ASSERT_TRUE(run_until([&] { return seen_.messages_received >= kUpdates * each.messages; }));
  ASSERT_TRUE(run_until_lines(phone, kUpdates));
  EXPECT_EQ(seen_.accepted, static_cast<std::uint64_t>(kUpdates));
  EXPECT_EQ(seen_.messages_sent, kUpdates * each.messages);
  EXPECT_EQ(seen_.messages_received, kUpdates * each.messages);
  EXPECT_EQ(seen_.useful, kUpdates * each.deliveries);
  EXPECT_EQ(phone.lines(), static_cast<std::size_t>(kUpdates));
  for (std::uint32_t s = 0; s < 5; ++s) {
    EXPECT_EQ(known(s), 20U);
    for (const herd::RecordView& record : server(s).core().records().sorted()) {
      EXPECT_NE(phone.text().find(std::string(record.line) + '\n'), std::string::npos)
          << record.line << " is not what the client was answered";
    }
  }
  expect_exact_wire_bytes();
  // What is no news is answered and goes no further.
  phone.forget();
  phone.send(iamat("kiwi-19", 0));
  ASSERT_TRUE(run_until_lines(phone, 1));
  for (int i = 0; i < 10; ++i) turn();
  EXPECT_EQ(seen_.not_news, 1U);
  EXPECT_EQ(seen_.messages_sent, kUpdates * each.messages);
}

INSTANTIATE_TEST_SUITE_P(Schemes, LiveHerdFloodTest,
                         testing::Values(herd::Scheme::kFloodEcho, herd::Scheme::kFlood),
                         [](const auto& each) {
                           return each.param == herd::Scheme::kFlood ? "Flood" : "FloodEcho";
                         });

TEST_F(LiveHerdTest, CutLinkLosesWhatWasInFlightAndComesBackWhenRestored) {
  start(pair());
  Socket phone = client(0);
  phone.send(iamat("lost", 1));
  // Turn by turn: what is written at the end of one is read in the next at the earliest.
  ASSERT_TRUE(run_until([&] { return seen_.messages_sent == 1; }));
  ASSERT_EQ(seen_.messages_received, 0U);
  herd_->cut_link(0, CutHow::kClose);
  herd_->cut_link(0, CutHow::kClose);
  EXPECT_EQ(seen_.downs, 2U) << "once at each end";
  EXPECT_FALSE(herd_->all_links_up());
  EXPECT_EQ(herd_->links_missing(), "Alford - Welsh");

  // Not dialled while it is cut, however often the back-off passes.
  int tries = 0;
  auto deadline = server(0).core().deadline();
  ASSERT_TRUE(deadline);
  ASSERT_TRUE(run_until([&] {
    const auto next = server(0).core().deadline();
    if (next && next != deadline) {
      ++tries;
      deadline = next;
    }
    return tries == 4;
  }));
  EXPECT_EQ(seen_.ups, 2U);
  EXPECT_EQ(seen_.messages_received, 0U);
  EXPECT_EQ(known(1), 0U);
  // What was in flight had gone out, and counts.
  expect_exact_wire_bytes();

  // Sent while the link is down: not even tried.
  phone.send(iamat("untold", 2));
  ASSERT_TRUE(run_until([&] { return seen_.accepted == 2; }));
  EXPECT_EQ(seen_.messages_sent, 1U);

  // Restored, it is dialled at once: no back-off is waited for.
  herd_->restore_link(0);
  ASSERT_TRUE(server(0).core().deadline());
  EXPECT_GT(*server(0).core().deadline() - *deadline, herd::kLastBackoff) << "a dial's, no wait's";
  herd_->restore_link(0);
  ASSERT_TRUE(run_until([&] { return herd_->all_links_up(); }));
  EXPECT_EQ(seen_.ups, 4U);
  const std::uint64_t greetings = link("Alford", "Welsh").size();
  EXPECT_EQ(server(0).way(kFirst).bytes_handed(),
            2 * greetings + seen_.sent[std::pair(0, 0)].bytes);

  phone.send(iamat("told", 3));
  ASSERT_TRUE(run_until([&] { return known(1) == 1; }));
  EXPECT_EQ(known(0), 3U);
  EXPECT_EQ(server(1).core().records().sorted()[0].client, "told");
  EXPECT_EQ(server(0).way(kFirst).bytes_handed(),
            2 * greetings + seen_.sent[std::pair(0, 0)].bytes);
}

TEST_F(LiveHerdTest, CutLinkLosesWhatWasNotEvenWritten) {
  start(pair());
  Socket phone = client(0);
  // Done before the turn's writes.
  seen_.on_sent = [&] { loop_->defer([&] { herd_->cut_link(0, CutHow::kClose); }); };
  phone.send(iamat("lost", 1));
  ASSERT_TRUE(run_until([&] { return seen_.downs == 2; }));
  // It was handed to the link all the same.
  EXPECT_EQ(server(0).way(kFirst).bytes_handed(),
            link("Alford", "Welsh").size() + seen_.sent[std::pair(0, 0)].bytes);
  ASSERT_TRUE(run_until_lines(phone, 1));
  herd_->restore_link(0);
  ASSERT_TRUE(run_until([&] { return herd_->all_links_up(); }));
  EXPECT_EQ(seen_.messages_received, 0U);
  EXPECT_EQ(known(1), 0U);
}

TEST_F(LiveHerdTest, LinkCutBeforeItStoodIsNotMade) {
  make(make_spec({"A", "B", "C"}, {{0, 1}, {0, 2}, {1, 2}}));
  herd_->cut_link(1, CutHow::kClose);
  herd_->start();
  herd_->cut_link(0, CutHow::kClose);  // in the midst of its dialling
  ASSERT_TRUE(run_until([&] { return herd_->links_missing() == "A - B, A - C"; }));
  for (int i = 0; i < 50; ++i) turn();
  EXPECT_EQ(herd_->links_missing(), "A - B, A - C");
  Socket phone = client(0);
  phone.send(iamat("kiwi", 1));
  ASSERT_TRUE(run_until_lines(phone, 1));
  EXPECT_EQ(seen_.messages_sent, 0U);
  herd_->restore_link(0);
  herd_->restore_link(1);
  ASSERT_TRUE(run_until([&] { return herd_->all_links_up(); }));
  phone.send(iamat("kiwi", 2));
  ASSERT_TRUE(run_until([&] { return known(1) == 1 && known(2) == 1; }));
}

TEST_F(LiveHerdTest, OneEndThatFailsIsDialledAgain) {
  const Socket listener = Socket::listening();
  spec_ = pair();
  spec_.servers[1].port = listener.port();
  make(spec_, {}, {"Alford"});
  herd_->start();
  for (std::uint64_t round = 1; round <= 3; ++round) {
    Socket welsh = prove_to_dialler(listener, "Alford", "Welsh");
    ASSERT_TRUE(run_until([&] { return herd_->all_links_up(); }));
    EXPECT_EQ(seen_.ups, round);
    if (round == 2) welsh.end();  // a half-close is the end of a link too
    if (round != 2) welsh.close();
    ASSERT_TRUE(run_until([&] { return seen_.downs == round; }));
    ASSERT_TRUE(round != 2 || run_until_ended(welsh));
  }
  const std::size_t greeting = link("Alford", "Welsh").size();
  EXPECT_GE(server(0).way(kFirst).bytes_handed(), 3 * greeting);
  EXPECT_EQ(server(0).way(kFirst).bytes_handed() % greeting, 0U);
}

TEST_F(LiveHerdTest, WrongProofIsAnsweredAndClosed) {
  start(make_spec({"A", "B", "C"}, {{0, 1}, {1, 2}}));
  const auto proof = [](const char* herd, const char* from, const char* to) {
    return link_proof(kSecret, herd, from, to);
  };
  const std::string right = proof("test", "A", "B");
  std::string other_case = right;
  for (char& c : other_case) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::vector<std::string> wrong = {
      "LINK test A B 00",
      "LINK test A B " + link_proof("another secret", "test", "A", "B"),
      "LINK test A B " + proof("test", "B", "A"),
      "LINK test A B " + proof("tes", "A", "B"),
      "LINK test A B " + right.substr(1),
      "LINK test A B " + right + '0',
      "LINK test A B " + other_case,
      "LINK other A B " + proof("other", "A", "B"),
      "LINK test A C " + proof("test", "A", "C"),
      "LINK test B B " + proof("test", "B", "B"),
      "LINK test D B " + proof("test", "D", "B"),
      "LINK test C B " + proof("test", "C", "B"),  // B dials C, never the other way
  };
  for (const std::string& line : wrong) {
    for (const char* ending : {"\n", "\r\n"}) {
      SCOPED_TRACE(line);
      Socket stranger = client(1);
      stranger.send(line + ending + iamat("stranger", 1));
      EXPECT_TRUE(run_until_ended(stranger));
      EXPECT_EQ(stranger.text(), "? " + line + ending);
      EXPECT_FALSE(stranger.was_reset());
    }
  }
  EXPECT_EQ(seen_.refused, 2 * wrong.size());
  EXPECT_EQ(seen_.accepted, 0U);
  EXPECT_EQ(seen_.ups, 4U);
  EXPECT_EQ(seen_.downs, 0U);
  EXPECT_TRUE(herd_->all_links_up());
}

TEST_F(LiveHerdTest, OnlyAProvenLinkMaySayAt) {
  start(pair());
  const std::string at = "AT Alford +0.5 kiwi +34.068930-118.445127 1479413884.5";
  Socket phone = client(1);
  phone.send(at + "\r\n" + link("Alford", "Welsh") + "LINKED\n");
  // A LINK that is not the first line is a bad command and no more.
  EXPECT_TRUE(run_until_text(phone, "? " + at + "\r\n? " + link("Alford", "Welsh") + "? LINKED\n"));
  EXPECT_EQ(known(1), 0U);
  EXPECT_EQ(seen_.ups, 2U);
}

TEST_F(LiveHerdTest, WrongAcknowledgementIsNoLink) {
  const Socket listener = Socket::listening();
  spec_ = pair();
  spec_.servers[1].port = listener.port();
  make(spec_, {}, {"Alford"});
  herd_->start();
  const std::vector<std::string> wrong = {
      "LINKED test Welsh Alford 00\n", linked("Alford", "Welsh"), link("Welsh", "Alford"), "\n",
      "AT Welsh +0.5 kiwi +34.068930-118.445127 1479413884.5\n"};
  for (const std::string& line : wrong) {
    SCOPED_TRACE(line);
    std::optional<Socket> welsh;
    ASSERT_TRUE(run_until([&] { return (welsh = listener.take_caller()).has_value(); }));
    welsh->send(line);
    EXPECT_TRUE(run_until_ended(*welsh));
    EXPECT_EQ(welsh->text(), link("Alford", "Welsh")) << "a link never answers";
    EXPECT_EQ(seen_.ups, 0U);
  }
  EXPECT_EQ(seen_.refused_on_link, wrong.size());
  EXPECT_EQ(known(0), 0U);
  // Its patience is not at an end.
  const Socket welsh = prove_to_dialler(listener, "Alford", "Welsh");
  EXPECT_TRUE(run_until([&] { return herd_->all_links_up(); }));
}

TEST_F(LiveHerdTest, NeighbourThatDialsAgainReplacesItsLink) {
  make(pair(), {}, {"Welsh"});
  herd_->start();
  Socket first = Socket::dial(herd_->port(1));
  first.send(link("Alford", "Welsh"));
  ASSERT_TRUE(run_until_text(first, linked("Welsh", "Alford")));
  Socket second = Socket::dial(herd_->port(1));
  second.send(link("Alford", "Welsh"));
  ASSERT_TRUE(run_until_text(second, linked("Welsh", "Alford")));
  EXPECT_TRUE(run_until_ended(first));
  first.close();
  EXPECT_EQ(seen_.ups, 2U);
  EXPECT_EQ(seen_.downs, 1U);
  EXPECT_TRUE(herd_->all_links_up());
  // A bad line on a link is counted, and never answered; a good one is taken.
  second.forget();
  second.send("what?\nAT Alford +0.5 kiwi +34.068930-118.445127 1479413884.5\n");
  ASSERT_TRUE(run_until([&] { return known(1) == 1; }));
  EXPECT_EQ(seen_.refused_on_link, 1U);
  EXPECT_TRUE(run_until_text(second, "AT Alford +0.5 kiwi +34.068930-118.445127 1479413884.5\n"));
  ASSERT_TRUE(run_until([&] {
    return server(1).way(kFirst).bytes_handed() ==
           2 * linked("Welsh", "Alford").size() + second.text().size();
  }));
}

TEST_F(LiveHerdTest, LinkWithTooMuchUnsentIsDroppedAndDialledAgain) {
  const Socket listener = Socket::listening(kTiny);
  spec_ = pair();
  spec_.servers[1].port = listener.port();
  LiveLimits limits;
  limits.link_unsent = 256 * 1024;
  make(spec_, limits, {"Alford"});
  herd_->start();
  Socket welsh = prove_to_dialler(listener, "Alford", "Welsh");
  ASSERT_TRUE(run_until([&] { return herd_->all_links_up(); }));

  // Welsh reads no more. Long ids, so that a few thousand updates are megabytes.
  Socket phone = client(0);
  const std::string id(4000, 'k');
  int time = 0;
  std::string rest;
  ASSERT_TRUE(run_until([&] {
    phone.take();
    phone.forget();
    if (rest.empty()) rest = iamat(id, ++time);
    rest.erase(0, phone.send_some(rest));
    return server(0).stats().links_overflowed == 1;
  }));
  EXPECT_EQ(seen_.downs, 1U);
  EXPECT_FALSE(herd_->all_links_up());
  EXPECT_EQ(server(0).stats().clients_dropped, 0U);
  EXPECT_TRUE(run_until_ended(welsh));
  EXPECT_LT(welsh.text().size(), seen_.sent[std::pair(0, 0)].bytes);
  // All of it was handed to the link; it may have been dialled again since.
  const std::size_t greeting = link("Alford", "Welsh").size();
  const std::uint64_t others =
      server(0).way(kFirst).bytes_handed() - seen_.sent[std::pair(0, 0)].bytes;
  EXPECT_GE(others, greeting);
  EXPECT_EQ(others % greeting, 0U);

  Socket again = prove_to_dialler(listener, "Alford", "Welsh");
  ASSERT_TRUE(run_until([&] { return herd_->all_links_up(); }));
  EXPECT_EQ(seen_.ups, 2U);
  // The client was not disturbed.
  phone.send(rest + iamat(id, 1'000'000));
  ASSERT_TRUE(run_until([&] {
    phone.take();
    again.take();
    return again.text().find("1480413884.5\n") != std::string::npos;
  }));
}

TEST_F(LiveHerdTest, ClientThatTakesNothingIsHeldBackAndThenDropped) {
  LiveLimits limits;
  limits.client_unsent = 64 * 1024;
  limits.client_stall_ns = 500'000'000;
  start(pair(), limits);
  Socket slow = Socket::dial(herd_->port(0), kTiny);
  Socket other = client(0);
  const std::string id(4000, 'k');
  int time = 0;
  std::string rest;
  ASSERT_TRUE(run_until([&] {
    if (rest.empty()) rest = iamat(id, ++time);
    rest.erase(0, slow.send_some(rest));
    return server(0).stats().clients_dropped == 1;
  }));
  EXPECT_GE(server(0).stats().clients_held, 1U);
  EXPECT_EQ(server(0).stats().links_overflowed, 0U);
  EXPECT_TRUE(run_until_ended(slow));
  // Everybody else is served on.
  other.send(iamat("other", 1));
  EXPECT_TRUE(run_until_lines(other, 1));
  EXPECT_TRUE(herd_->all_links_up());
}

TEST_F(LiveHerdTest, ClientThatIsHeldBackResumesAndGetsEveryAnswerInOrder) {
  LiveLimits limits;
  limits.client_unsent = 64 * 1024;
  start(make_spec({"Alford"}, {}), limits);
  Socket slow = Socket::dial(herd_->port(0), kTiny);
  const std::string id(4000, 'k');
  int asked = 0;
  std::string rest;
  ASSERT_TRUE(run_until([&] {
    if (rest.empty()) rest = iamat(id, ++asked);
    rest.erase(0, slow.send_some(rest));
    return server(0).stats().clients_held == 1;
  }));
  // Now it reads, and says the rest.
  const int more = asked + 500;
  while (asked < more) rest += iamat(id, ++asked);
  ASSERT_TRUE(run_until([&] {
    rest.erase(0, slow.send_some(rest));
    slow.take();
    return slow.lines() == static_cast<std::size_t>(asked);
  }));
  std::size_t at = 0;
  for (int i = 1; i <= asked; ++i) {
    const std::size_t end = slow.text().find('\n', at);
    const std::string line = slow.text().substr(at, end + 1 - at);
    const std::string said = iamat(id, i).substr(std::string("IAMAT").size());
    ASSERT_TRUE(line.starts_with("AT Alford ") && line.ends_with(said)) << i;
    at = end + 1;
  }
  EXPECT_EQ(server(0).stats().clients_dropped, 0U);
  EXPECT_EQ(seen_.accepted, static_cast<std::uint64_t>(asked));
}

TEST_F(LiveHerdTest, ConnectionIdsAreUsedAgain) {
  start(pair());
  for (int i = 0; i < 100; ++i) {
    Socket phone = client(0);
    const std::string line = "who is " + std::to_string(i);
    phone.send(line + '\n');
    ASSERT_TRUE(run_until_text(phone, "? " + line + '\n'));
    if (i % 2 == 0) {
      phone.end();
      ASSERT_TRUE(run_until_ended(phone));
    }
  }
  // The link and one client, and a little where a closing was not yet seen.
  EXPECT_LE(server(0).stats().connections_peak, 4U);
  EXPECT_GE(server(0).stats().connections_peak, 2U);
  EXPECT_EQ(server(1).stats().connections_peak, 1U);
  // Two at once get each their own answers.
  Socket a = client(0), b = client(0);
  a.send("a\n");
  b.send("b\n");
  EXPECT_TRUE(run_until_text(a, "? a\n"));
  EXPECT_TRUE(run_until_text(b, "? b\n"));
}

TEST_F(LiveHerdTest, WhoCallsAPausedServerThatDiesIsReset) {
  start(pair());
  herd_->pause_server(0);
  std::vector<Socket> phones;
  for (int i = 0; i < 3; ++i) phones.push_back(client(0));
  turn();  // in which the loop learns of them
  herd_->stop_server(0);
  for (Socket& phone : phones) {
    ASSERT_TRUE(run_until_ended(phone));
    EXPECT_TRUE(phone.was_reset());
  }
}

TEST_F(LiveHerdTest, TakenPortIsAnErrorThatNamesIt) {
  const Socket taken = Socket::listening();
  spec_ = pair();
  spec_.servers[1].port = taken.port();
  loop_ = std::make_unique<IoLoop>();
  LiveHerd::Setup setup;
  setup.spec = &spec_;
  herd_ = std::make_unique<LiveHerd>(*loop_, clock_, seen_, std::move(setup));
  const auto error = herd_->listen(ServerLogs::to_files(folder_.path(), spdlog::level::info));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "herd test: server Welsh: cannot listen on 127.0.0.1:" +
                                std::to_string(taken.port()) + ": address already in use");
}

TEST_F(LiveHerdTest, EveryDescriptorIsClosedAtTheEnd) {
  { const IoLoop first; }  // opens what libuv keeps for the process
  const std::size_t before = count_descriptors();
  const Socket nobody = Socket::listening();
  HerdSpec spec = make_spec({"A", "B", "C"}, {{0, 1}, {1, 2}});
  spec.servers[2].port = nobody.port();  // lets in, and says nothing
  make(spec, {}, {"A", "B"});
  herd_->start();
  ASSERT_TRUE(run_until([&] { return herd_->links_missing() == "B - C"; }));
  std::vector<Socket> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(client(static_cast<std::uint32_t>(i % 2)));
    clients.back().send(iamat("c" + std::to_string(i), i));
    ASSERT_TRUE(run_until_lines(clients.back(), 1));
  }
  clients.push_back(client(0));  // not yet let in
  clients.front().send("half a li");
  clients.back().end();
  EXPECT_GT(count_descriptors(), before);
  herd_.reset();
  loop_.reset();
  clients.clear();
  EXPECT_EQ(count_descriptors(), before + 1) << "but for the listener of the test's own";
}

}  // namespace
}  // namespace sim
