#include "tests/bench/bare_relay.h"

#include <pthread.h>
#include <uv.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace bench {
namespace {

// The difference in length between `AT Alford +0.000012345 ` and `IAMAT `.
constexpr std::size_t kAnswerExtra = 17;

// The paper's ring with Alford as node 0: 0 - 1 - 3 - 4 - 2 - 0. A message on a `news` edge is new
// to its receiver, which forwards it.
struct Edge {
  int from, to;
  bool news;
};

std::vector<Edge> edges_of(bench::BareRelay::Kind kind) {
  using Kind = bench::BareRelay::Kind;
  std::vector<Edge> edges;
  if (kind == Kind::kEcho) return edges;
  edges = {{0, 1, true}, {0, 2, true}, {1, 3, true}, {2, 4, true}};
  if (kind == Kind::kTree) return edges;
  edges.insert(edges.end(), {{3, 4, false}, {4, 3, false}});
  if (kind == Kind::kFlood) return edges;
  edges.insert(edges.end(), {{1, 0, false}, {2, 0, false}, {3, 1, false}, {4, 2, false}});
  return edges;
}

void check(int error, const char* what) {
  if (error == 0) return;
  std::fprintf(stderr, "relay: %s: %s\n", what, uv_strerror(error));
  std::exit(1);
}

}  // namespace

struct BareRelay::Impl {
  struct Peer {
    uv_tcp_t tcp{};
    uv_connect_t connect{};
    Impl* impl = nullptr;
    int node = 0;
    bool client = false;
    bool news = true;
    std::string partial;  // of an incomplete line
    std::string out;      // to write at the end of the turn
  };

  Impl(Kind kind, bool measures) : measures_(measures) {
    check(uv_loop_init(&loop_), "loop");
    uv_check_init(&loop_, &check_);
    uv_async_init(&loop_, &stop_, [](uv_async_t* h) { uv_stop(h->loop); });
    check_.data = this;
    uv_check_start(&check_, [](uv_check_t* h) { static_cast<Impl*>(h->data)->write_owed(); });
    port_ = listen(0, true, true);
    for (const Edge& edge : edges_of(kind)) {
      link(edge.from, listen(edge.to, false, edge.news));
    }
    thread_ = std::thread([this] {
      uv_run(&loop_, UV_RUN_DEFAULT);
      cpu_ = CpuTime::of_this_thread();
    });
    pthread_setname_np(thread_.native_handle(), "bare");  // for a profiler
  }

  ~Impl() {
    end();
    uv_walk(
        &loop_,
        [](uv_handle_t* h, void*) {
          if (!uv_is_closing(h)) uv_close(h, nullptr);
        },
        nullptr);
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_loop_close(&loop_);
  }

  void end() {
    if (!thread_.joinable()) return;
    uv_async_send(&stop_);
    thread_.join();
  }

  // Listens for clients, or for one edge. Returns the port.
  std::uint16_t listen(int node, bool clients, bool news) {
    Peer& listener = add(node, clients, news);
    sockaddr_in address{};
    uv_ip4_addr("127.0.0.1", 0, &address);
    check(uv_tcp_bind(&listener.tcp, reinterpret_cast<sockaddr*>(&address), 0), "bind");
    check(uv_listen(reinterpret_cast<uv_stream_t*>(&listener.tcp), 128,
                    [](uv_stream_t* s, int) {
                      const auto& at = *static_cast<Peer*>(s->data);
                      Peer& peer = at.impl->add(at.node, at.client, at.news);
                      check(uv_accept(s, reinterpret_cast<uv_stream_t*>(&peer.tcp)), "accept");
                      uv_tcp_nodelay(&peer.tcp, 1);
                      at.impl->read(peer);
                    }),
          "listen");
    int size = sizeof address;
    uv_tcp_getsockname(&listener.tcp, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  Peer& add(int node, bool client, bool news) {
    peers_.push_back(std::make_unique<Peer>());
    Peer& peer = *peers_.back();
    peer.impl = this;
    peer.node = node;
    peer.client = client;
    peer.news = news;
    uv_tcp_init(&loop_, &peer.tcp);
    peer.tcp.data = &peer;
    return peer;
  }

  void link(int from, std::uint16_t port) {
    Peer& peer = add(from, false, false);
    outgoing_[static_cast<std::size_t>(from)].push_back(&peer);
    sockaddr_in address{};
    uv_ip4_addr("127.0.0.1", port, &address);
    check(uv_tcp_connect(&peer.connect, &peer.tcp, reinterpret_cast<sockaddr*>(&address),
                         [](uv_connect_t*, int error) { check(error, "link"); }),
          "connect");
    uv_tcp_nodelay(&peer.tcp, 1);
  }

  void read(Peer& peer) {
    uv_read_start(
        reinterpret_cast<uv_stream_t*>(&peer.tcp),
        [](uv_handle_t* h, std::size_t, uv_buf_t* buffer) {
          auto& memory = static_cast<Peer*>(h->data)->impl->memory_;
          *buffer = uv_buf_init(memory.data(), static_cast<unsigned>(memory.size()));
        },
        [](uv_stream_t* s, ssize_t size, const uv_buf_t*) {
          auto& peer_of = *static_cast<Peer*>(s->data);
          if (size < 0) return uv_close(reinterpret_cast<uv_handle_t*>(s), nullptr);
          peer_of.impl->took(peer_of, static_cast<std::size_t>(size));
        });
  }

  void took(Peer& peer, std::size_t size) {
    const std::size_t lines = cut(peer, size);
    if (!measures_ || !peer.news || lines == 0) return;
    const std::uint64_t now = uv_hrtime();
    if (peer.client) {
      read_at_.insert(read_at_.end(), lines, now);
      return;
    }
    std::size_t& line = arrived_[static_cast<std::size_t>(peer.node)];
    for (std::size_t i = 0; i < lines; ++i) {
      latencies_.push_back(static_cast<std::int64_t>(now - read_at_[line++]));
    }
  }

  std::size_t cut(Peer& peer, std::size_t size) {
    std::string_view bytes(memory_.data(), size);
    std::size_t lines = 0;
    for (;;) {
      const std::size_t end = bytes.find('\n');
      if (end == std::string_view::npos) break;
      peer.partial.append(bytes.substr(0, end + 1));
      bytes.remove_prefix(end + 1);
      ++lines;
      if (peer.client) {
        peer.partial.insert(0, kAnswerExtra, 'x');
        owe(peer, peer.partial);
      }
      if (peer.news) {
        for (Peer* to : outgoing_[static_cast<std::size_t>(peer.node)]) owe(*to, peer.partial);
      }
      peer.partial.clear();
    }
    peer.partial.append(bytes);
    return lines;
  }

  void owe(Peer& peer, std::string_view bytes) {
    if (peer.out.empty()) owing_.push_back(&peer);
    peer.out.append(bytes);
  }

  void write_owed() {
    for (Peer* peer : owing_) {
      std::string_view rest = peer->out;
      while (!rest.empty()) {
        uv_buf_t buffer =
            uv_buf_init(const_cast<char*>(rest.data()), static_cast<unsigned>(rest.size()));
        const int sent = uv_try_write(reinterpret_cast<uv_stream_t*>(&peer->tcp), &buffer, 1);
        if (sent == UV_EAGAIN) continue;
        if (sent < 0) break;
        rest.remove_prefix(static_cast<std::size_t>(sent));
      }
      peer->out.clear();
    }
    owing_.clear();
  }

  uv_loop_t loop_{};
  uv_check_t check_{};
  uv_async_t stop_{};
  std::uint16_t port_ = 0;
  std::array<std::vector<Peer*>, 5> outgoing_;  // by node
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<Peer*> owing_;
  std::array<char, 65536> memory_{};
  bool measures_;
  std::vector<std::uint64_t> read_at_;    // by line, at node 0
  std::array<std::size_t, 5> arrived_{};  // lines so far, by node
  std::vector<std::int64_t> latencies_;
  CpuTime cpu_;
  std::thread thread_;
};

BareRelay::BareRelay(Kind kind, bool measures) : impl_(std::make_unique<Impl>(kind, measures)) {}
BareRelay::~BareRelay() = default;
std::uint16_t BareRelay::port() const { return impl_->port_; }
std::vector<std::int64_t> BareRelay::stop() {
  impl_->end();
  return std::move(impl_->latencies_);
}
CpuTime BareRelay::cpu() const { return impl_->cpu_; }

}  // namespace bench
