// A bare relay in C++ with libuv: README.md says what it does.
#include <uv.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

// The difference in length between `AT Alford +0.000012345 ` and `IAMAT `.
constexpr std::size_t kAnswerExtra = 17;

[[noreturn]] void abandon(const std::string& why) {
  std::fprintf(stderr, "relay: %s\n", why.c_str());
  std::exit(1);
}

void check(int error, const char* what) {
  if (error < 0) abandon(std::string(what) + ": " + uv_strerror(error));
}

struct Options {
  int port = 0;
  std::vector<int> dial;  // ports on 127.0.0.1
  std::size_t expect = 0;
  char reach = '0';
};

struct Write {
  uv_write_t request{};
  std::string text;
};

class Relay;

struct Peer {
  uv_tcp_t tcp{};
  uv_connect_t connect{};
  Relay* relay = nullptr;
  bool is_link = false;
  std::string partial;  // an incomplete line
  std::string out;      // to write at the end of the turn
};

class Relay {
 public:
  Relay(uv_loop_t* loop, const Options& options) : loop_(loop), options_(options) {
    check(uv_check_init(loop_, &check_), "check");
    check_.data = this;
    check(
        uv_check_start(&check_, [](uv_check_t* h) { static_cast<Relay*>(h->data)->write_owed(); }),
        "check");
    listen();
    for (const int port : options_.dial) dial(port);
    tell_linked();
  }

 private:
  static uv_stream_t* stream(Peer& peer) { return reinterpret_cast<uv_stream_t*>(&peer.tcp); }

  Peer& add() {
    auto* peer = new Peer;  // freed when its handle is closed
    peer->relay = this;
    check(uv_tcp_init(loop_, &peer->tcp), "socket");
    peer->tcp.data = peer;
    return *peer;
  }

  void listen() {
    sockaddr_in address{};
    check(uv_ip4_addr("127.0.0.1", options_.port, &address), "address");
    check(uv_tcp_init(loop_, &listener_), "socket");
    listener_.data = this;
    check(uv_tcp_bind(&listener_, reinterpret_cast<sockaddr*>(&address), 0), "bind");
    check(uv_listen(reinterpret_cast<uv_stream_t*>(&listener_), 1024,
                    [](uv_stream_t* s, int) {
                      Peer& peer = static_cast<Relay*>(s->data)->add();
                      check(uv_accept(s, stream(peer)), "accept");
                      peer.relay->begin(peer);
                    }),
          "listen");
    int size = sizeof address;
    check(uv_tcp_getsockname(&listener_, reinterpret_cast<sockaddr*>(&address), &size), "address");
    std::printf("listening 127.0.0.1:%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
  }

  void dial(int port) {
    Peer& peer = add();
    sockaddr_in address{};
    check(uv_ip4_addr("127.0.0.1", port, &address), "address");
    check(uv_tcp_connect(&peer.connect, &peer.tcp, reinterpret_cast<sockaddr*>(&address),
                         [](uv_connect_t* c, int error) {
                           check(error, "dial");
                           Peer& to = *static_cast<Peer*>(c->handle->data);
                           to.relay->begin(to);
                           to.relay->owe(to, "L\n");
                           to.relay->become_link(to);
                         }),
          "dial");
  }

  void begin(Peer& peer) {
    check(uv_tcp_nodelay(&peer.tcp, 1), "nodelay");
    const auto allocate = [](uv_handle_t* h, std::size_t, uv_buf_t* buffer) {
      auto& memory = static_cast<Peer*>(h->data)->relay->memory_;
      *buffer = uv_buf_init(memory.data(), static_cast<unsigned>(memory.size()));
    };
    const auto take = [](uv_stream_t* s, ssize_t size, const uv_buf_t*) {
      Peer& from = *static_cast<Peer*>(s->data);
      if (size < 0) {
        uv_close(reinterpret_cast<uv_handle_t*>(s),
                 [](uv_handle_t* h) { delete static_cast<Peer*>(h->data); });
        return;
      }
      from.relay->cut(from, static_cast<std::size_t>(size));
    };
    check(uv_read_start(stream(peer), allocate, take), "read");
  }

  void cut(Peer& peer, std::size_t size) {
    std::string_view bytes(memory_.data(), size);
    for (;;) {
      const std::size_t end = bytes.find('\n');
      if (end == std::string_view::npos) break;
      if (peer.partial.empty()) {
        handle(peer, bytes.substr(0, end + 1));
      } else {
        peer.partial.append(bytes.substr(0, end + 1));
        handle(peer, peer.partial);
        peer.partial.clear();
      }
      bytes.remove_prefix(end + 1);
    }
    peer.partial.append(bytes);
  }

  void handle(Peer& peer, std::string_view line) {
    const char first = line[0];
    if (first == 'I') {
      owe(peer, kExtra, line);
      for (Peer* link : links_) {
        owe(*link, std::string_view(&options_.reach, 1), kExtra.substr(1), line);
      }
    } else if (first == 'L') {
      become_link(peer);
    } else if (first > '0') {
      const char next = static_cast<char>(first - 1), back = '0';
      for (Peer* link : links_) {
        owe(*link, std::string_view(link == &peer ? &back : &next, 1), line.substr(1));
      }
    }
  }

  void become_link(Peer& peer) {
    links_.push_back(&peer);
    tell_linked();
  }

  void tell_linked() {
    if (links_.size() != options_.dial.size() + options_.expect) return;
    std::puts("linked");
    std::fflush(stdout);
  }

  template <typename... Parts>
  void owe(Peer& peer, const Parts&... parts) {
    if (peer.out.empty()) owing_.push_back(&peer);
    (peer.out.append(parts), ...);
  }

  void write_owed() {
    for (Peer* peer : owing_) {
      uv_buf_t buffer = uv_buf_init(peer->out.data(), static_cast<unsigned>(peer->out.size()));
      const int sent = uv_try_write(stream(*peer), &buffer, 1);
      if (sent != static_cast<int>(peer->out.size())) write_later(*peer, sent < 0 ? 0 : sent);
      peer->out.clear();
    }
    owing_.clear();
  }

  // Leaves the rest to libuv, which writes it when the socket takes it.
  void write_later(Peer& peer, int sent) {
    auto* write = new Write;
    write->text = peer.out.substr(static_cast<std::size_t>(sent));
    write->request.data = write;
    uv_buf_t buffer = uv_buf_init(write->text.data(), static_cast<unsigned>(write->text.size()));
    check(uv_write(&write->request, stream(peer), &buffer, 1,
                   [](uv_write_t* request, int) { delete static_cast<Write*>(request->data); }),
          "write");
  }

  static constexpr std::string_view kExtra = "xxxxxxxxxxxxxxxxx";
  static_assert(kExtra.size() == kAnswerExtra);

  uv_loop_t* loop_;
  const Options options_;
  uv_check_t check_{};
  uv_tcp_t listener_{};
  std::vector<Peer*> links_, owing_;
  std::array<char, 65536> memory_{};
};

int number(const std::string& text) {
  char* end = nullptr;
  const long found = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || found < 0 || found > 65535) abandon("no number: " + text);
  return static_cast<int>(found);
}

std::vector<int> ports(std::string_view text) {
  std::vector<int> found;
  while (!text.empty()) {
    const std::string_view each = text.substr(0, text.find(','));
    found.push_back(number(std::string(each.substr(each.find(':') + 1))));
    text.remove_prefix(std::min(each.size() + 1, text.size()));
  }
  return found;
}

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i], value = arguments[i + 1];
    if (name == "--port") {
      options.port = number(value);
    } else if (name == "--dial") {
      options.dial = ports(value);
    } else if (name == "--expect") {
      options.expect = static_cast<std::size_t>(number(value));
    } else if (name == "--reach") {
      options.reach = static_cast<char>('0' + number(value));
    } else {
      abandon("unknown option " + name);
    }
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  uv_loop_t loop;
  check(uv_loop_init(&loop), "loop");
  Relay relay(&loop, read_options(count, arguments));
  uv_run(&loop, UV_RUN_DEFAULT);
}
