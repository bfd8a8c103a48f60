// A live herd of which the test itself plays a client or a neighbour over plain sockets.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/format.h"
#include "sim/base/io/owned_fd.h"
#include "sim/worlds/live/link_authenticator.h"
#include "sim/worlds/live/live_herd.h"
#include "tests/sim/base/run_loop.h"
#include "tests/sim/measure/results_support.h"

namespace sim::test {
inline constexpr int kTiny = 4096;  // a receive buffer that is soon full
inline const std::string kSecret = "the secret of this test";

inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// A plain socket of the test: a client, a neighbour, or a neighbour's listener.
class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}

  static Socket dial(std::uint16_t port, int receive_buffer = 0) {
    Socket out(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    out.shrink(receive_buffer);
    const sockaddr_in address = loopback(port);
    EXPECT_EQ(connect(out.fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0)
        << std::strerror(errno);
    return out;
  }
  static Socket listening(int receive_buffer = 0) {
    Socket out(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    out.shrink(receive_buffer);
    const sockaddr_in address = loopback(0);
    EXPECT_EQ(bind(out.fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(out.fd_.get(), 8), 0);
    return out;
  }

  // The error that dialling ends with; 0 where somebody lets one in.
  static int dial_error(std::uint16_t port) {
    const Socket out(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    const bool stands =
        connect(out.fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    return stands ? 0 : errno;
  }

  void close() { fd_.reset(); }
  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  // Accepts a connection; returns nullopt if none is waiting.
  std::optional<Socket> take_caller() const {
    pollfd ready{fd_.get(), POLLIN, 0};
    if (poll(&ready, 1, 0) != 1) return std::nullopt;
    return Socket(accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  // As much as goes at once; how much that was.
  std::size_t send_some(std::string_view text) const {
    const ssize_t sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }
  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      ASSERT_GT(sent, 0) << std::strerror(errno);
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void end() const { shutdown(fd_.get(), SHUT_WR); }
  // Takes what is there; true once the other side has ended, in whatever way.
  bool take() {
    std::string buffer(64 * 1024, '\0');
    for (;;) {
      const ssize_t size = recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (size == 0) return true;
      if (size < 0) {
        if (errno == EAGAIN) return false;
        error_ = errno;
        return true;
      }
      text_.append(buffer, 0, static_cast<std::size_t>(size));
    }
  }
  // Returns the bytes received so far.
  const std::string& text() const { return text_; }
  std::size_t lines() const {
    return static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n'));
  }
  void forget() { text_.clear(); }
  bool was_reset() const { return error_ == ECONNRESET; }

 private:
  void shrink(int receive_buffer) const {
    if (receive_buffer == 0) return;
    setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }

  OwnedFd fd_;
  std::string text_;
  int error_ = 0;
};

// Counts every decision.
struct CountingObserver final : herd::Observer {
  struct Direction {
    std::uint64_t messages = 0, bytes = 0;
  };

  void update_heard(herd::ServerId, const herd::RecordView&, herd::Verdict verdict,
                    herd::Moment) override {
    ++(verdict == herd::Verdict::kAccepted ? accepted : not_news);
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
    if (verdict == herd::Verdict::kAccepted) ++useful;
  }
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

inline HerdSpec make_spec(const std::vector<std::string>& servers, std::vector<LinkSpec> links,
                          herd::Scheme scheme = herd::Scheme::kFloodEcho) {
  HerdSpec spec;
  spec.name = "test";
  for (const std::string& name : servers) {
    spec.servers.emplace_back();
    spec.servers.back().name = name;
  }
  spec.links = std::move(links);
  spec.propagation = scheme;
  spec.keep_alive.reset();  // no neighbour that a test plays has to give signs of life
  return spec;
}

inline HerdSpec paper(herd::Scheme scheme) {
  return make_spec({"Alford", "Ball", "Hamilton", "Holiday", "Welsh"},
                   {{0, 2}, {0, 4}, {1, 3}, {1, 4}, {2, 3}}, scheme);
}

inline HerdSpec pair() { return make_spec({"Alford", "Welsh"}, {{0, 1}}); }

inline std::string iamat(const std::string& client, int time) {
  return "IAMAT " + client + " +34.068930-118.445127 " + std::to_string(1'479'413'884 + time) +
         ".5\n";
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
    setup.on_server_changed = [this](herd::ServerId server, bool up) {
      changes_.emplace_back(server.value, up);
    };
    setup.on_failure = [](const Error& error) { ADD_FAILURE() << error.message; };
    herd_ = std::make_unique<LiveHerd>(*loop_, clock_, seen_, std::move(setup));
    const auto error = herd_->listen(ServerLogs::to_files(folder_.path(), spdlog::level::info));
    ASSERT_FALSE(error) << error->message;
  }
  // … and has every link proven.
  void start(HerdSpec spec, LiveLimits limits = {}) {
    make(std::move(spec), limits);
    herd_->start();
    ASSERT_TRUE(run_until([&] { return herd_->ready(); })) << herd_->links_missing();
  }

  void turn() { uv_run(loop_->uv(), UV_RUN_NOWAIT); }
  bool run_until(const std::function<bool()>& done) { return sim::run_until(*loop_, done); }
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
  // The nonce of every neighbour that the test plays; only servers need fresh ones.
  static std::string nonce() { return std::string(64, '7'); }
  // A MAC of the test's herd, for a neighbour with that nonce.
  std::string mac(const char* word, const std::string& from, const std::string& to,
                  const std::string& their_nonce) {
    return LinkAuthenticator(kSecret).mac({word, spec_.name, from, to, nonce(), their_nonce});
  }
  std::string link(const std::string& from, const std::string& to) {
    return herd::format_handshake("LINK", {spec_.name, from, to, nonce()}) + '\n';
  }
  std::string mac_line(const std::string& from, const std::string& to,
                       const std::string& their_nonce) {
    return "MAC " + mac("MAC", from, to, their_nonce) + '\n';
  }
  std::string linked(const std::string& from, const std::string& to,
                     const std::string& their_nonce) {
    return herd::format_handshake("LINKED",
                                  {spec_.name, from, to, mac("LINKED", from, to, their_nonce)}) +
           '\n';
  }
  // Returns the number of bytes of both lines that the endpoint `from` sends.
  std::size_t handshake_size(const std::string& from, const std::string& to, bool dials) {
    return dials ? link(from, to).size() + mac_line(from, to, "").size()
                 : ("NONCE " + nonce() + '\n').size() + linked(from, to, "").size();
  }

  // Each direction's bytes on the wire are its messages and its two lines of the handshake.
  void expect_exact_wire_bytes() {
    for (std::uint32_t s = 0; s < spec_.servers.size(); ++s) {
      const auto& neighbors = herd_->adjacency()[s];
      for (std::uint32_t n = 0; n < neighbors.size(); ++n) {
        const std::string& from = spec_.servers[s].name;
        const std::string& to = spec_.servers[neighbors[n].peer].name;
        const std::size_t handshake = handshake_size(from, to, neighbors[n].dials);
        EXPECT_EQ(server(s).way(herd::NeighborId{n}).bytes_handed(),
                  seen_.sent[std::pair(s, n)].bytes + handshake)
            << from << " to " << to;
      }
    }
  }

  // Returns the last word of the only line that has come.
  static std::string last_word(const Socket& socket) {
    const std::string& text = socket.text();
    EXPECT_TRUE(text.ends_with('\n')) << text;
    const std::size_t begin = text.rfind(' ') + 1;
    return text.substr(begin, text.size() - begin - 1);
  }
  // Plays a neighbour that dials: asks for a link. Returns the server's nonce.
  std::string ask_link(Socket& socket, const std::string& from, const std::string& to) {
    socket.send(link(from, to));
    EXPECT_TRUE(run_until_lines(socket, 1));
    EXPECT_TRUE(socket.text().starts_with("NONCE ")) << socket.text();
    std::string nonce = last_word(socket);
    socket.forget();
    return nonce;
  }
  // The same, and completes the handshake.
  void open_link(Socket& socket, const std::string& from, const std::string& to) {
    socket.send(mac_line(from, to, ask_link(socket, from, to)));
    EXPECT_TRUE(run_until_lines(socket, 1));
    EXPECT_TRUE(socket.text().starts_with("LINKED ")) << socket.text();
    socket.forget();
  }

  // Plays a neighbour that is dialled: takes LINK and MAC, and returns the right acknowledgement.
  std::string hear_dialler(Socket& socket, const std::string& dialler, const std::string& own) {
    EXPECT_TRUE(run_until_lines(socket, 1));
    const std::string theirs = last_word(socket);
    EXPECT_EQ(socket.text(),
              "LINK " + spec_.name + " " + dialler + " " + own + " " + theirs + "\n");
    socket.forget();
    socket.send("NONCE " + nonce() + "\n");
    const std::string want =
        LinkAuthenticator(kSecret).mac({"MAC", spec_.name, dialler, own, theirs, nonce()});
    EXPECT_TRUE(run_until_text(socket, "MAC " + want + "\n"));
    socket.forget();
    return linked(own, dialler, theirs);
  }

  // Lets a server's dial in, and completes the handshake.
  Socket prove_to_dialler(const Socket& listener, const std::string& dialler,
                          const std::string& own) {
    Socket out;
    EXPECT_TRUE(run_until([&] {
      auto caller = listener.take_caller();
      if (caller) out = std::move(*caller);
      return caller.has_value();
    }));
    out.send(hear_dialler(out, dialler, own));
    return out;
  }

  TempFolder folder_;
  RunClock clock_;
  HerdSpec spec_;
  CountingObserver seen_;
  int proven_ = 0;                                       // ends of links
  std::vector<std::pair<std::uint32_t, bool>> changes_;  // of servers: which one, and whether up
  std::unique_ptr<IoLoop> loop_;
  std::unique_ptr<LiveHerd> herd_;
};

}  // namespace sim::test
