// Shared by the tests of sim/worlds/places: the data, a loop that must end with no handle left on
// it, and the raw ends of HTTP conversations.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <uv.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/worlds/places/place_data.h"
#include "sim/worlds/places/place_index.h"
#include "tests/sim/base/open_descriptors.h"

namespace sim {

inline const std::string kCitiesFile = HERDSIM_SOURCE_DIR "/scenarios/places/cities.csv";
inline constexpr herd::GeoPoint kUcla{34.068930, -118.445127};

inline const PlaceIndex& cities() {
  static const PlaceIndex index = [] {
    auto data = load_places(kCitiesFile);
    EXPECT_TRUE(data.ok());
    return PlaceIndex(data ? std::move(data).value() : PlaceData{});
  }();
  return index;
}

// Counts the open descriptors, those that libuv keeps for the whole process included.
inline std::size_t count_descriptors() {
  // The first loop opens these.
  static const int first = [] {
    uv_loop_t loop;
    uv_loop_init(&loop);
    return uv_loop_close(&loop);
  }();
  EXPECT_EQ(first, 0);
  return count_open_descriptors();
}

// Descriptors that a program started now would inherit.
inline std::size_t count_inheritable() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int flags = fcntl(std::stoi(entry.path().filename()), F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) ++count;
  }
  return count;
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

// A folder of its own, removed at the end.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "places-XXXXXX").string();
    path_ = mkdtemp(name.data()) == nullptr ? std::string() : name;
    EXPECT_FALSE(path_.empty());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(file(name), std::ios::binary) << content;
    return file(name);
  }

 private:
  std::string path_;
};

// A loop. Everything put on it must be closed when it goes.
class TestLoop {
 public:
  TestLoop() {
    uv_loop_init(&loop_);
    uv_timer_init(&loop_, &limit_);
    uv_prepare_init(&loop_, &check_);
    limit_.data = check_.data = this;
  }
  ~TestLoop() {
    // Handles that are closing need some turns, and a name that is being looked up needs its
    // thread's time. A handle left open would keep the loop running for ever.
    uv_prepare_stop(&check_);
    uv_update_time(&loop_);
    uv_timer_start(
        &limit_, [](uv_timer_t* timer) { uv_stop(timer->loop); }, 60'000, 0);
    uv_unref(reinterpret_cast<uv_handle_t*>(&limit_));
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_close(reinterpret_cast<uv_handle_t*>(&limit_), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&check_), nullptr);
    for (int turn = 0; turn < 3; ++turn) uv_run(&loop_, UV_RUN_NOWAIT);
    EXPECT_EQ(uv_loop_close(&loop_), 0) << "a handle is left open";
  }
  TestLoop(const TestLoop&) = delete;
  TestLoop& operator=(const TestLoop&) = delete;

  uv_loop_t* get() { return &loop_; }

  // Runs until `done` says so; a test that is not done in a minute has failed.
  void run_until(std::function<bool()> done) {
    done_ = std::move(done);
    out_of_time_ = false;
    uv_update_time(&loop_);
    uv_timer_start(
        &limit_,
        [](uv_timer_t* timer) { static_cast<TestLoop*>(timer->data)->out_of_time_ = true; }, 60'000,
        0);
    // Between the timers and the wait for sockets: whatever brought the end, nothing waits then.
    uv_prepare_start(&check_, [](uv_prepare_t* check) {
      const TestLoop& self = *static_cast<TestLoop*>(check->data);
      if (self.done_() || self.out_of_time_) uv_stop(check->loop);
    });
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_prepare_stop(&check_);
    uv_timer_stop(&limit_);
    EXPECT_FALSE(out_of_time_) << "not done in a minute";
  }

  // Closes a server or an asker and runs until it has called back.
  template <class Closable>
  void close(Closable& closable) {
    bool closed = false;
    closable.close([&] { closed = true; });
    run_until([&] { return closed; });
  }

 private:
  uv_loop_t loop_{};
  uv_timer_t limit_{};
  uv_prepare_t check_{};
  std::function<bool()> done_;
  bool out_of_time_ = false;
};

// An HTTP server that answers everything with the same bytes, whatever they are.
class RawServer {
 public:
  // With `hang_up` it closes after them. Empty bytes without it: it never answers. With
  // `most_answers` it closes a connection, without a word, at the request after so many.
  RawServer(TestLoop& loop, std::string bytes, bool hang_up = false,
            int most_answers = std::numeric_limits<int>::max())
      : loop_(loop), bytes_(std::move(bytes)), hang_up_(hang_up), most_answers_(most_answers) {
    uv_tcp_init(loop.get(), &listener_);
    listener_.data = this;
    sockaddr_in address{};
    uv_ip4_addr("127.0.0.1", 0, &address);
    uv_tcp_bind(&listener_, reinterpret_cast<sockaddr*>(&address), 0);
    EXPECT_EQ(uv_listen(reinterpret_cast<uv_stream_t*>(&listener_), 128, &RawServer::on_connection),
              0);
    int size = sizeof address;
    uv_tcp_getsockname(&listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~RawServer() {
    uv_close(reinterpret_cast<uv_handle_t*>(&listener_), [](uv_handle_t*) {});
    while (!peers_.empty()) drop(*peers_.begin());
    for (int turn = 0; turn < 3; ++turn) uv_run(loop_.get(), UV_RUN_NOWAIT);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }
  int connections() const { return connections_; }
  const std::string& received() const { return received_; }

  static std::string response(std::string_view status, std::string_view body) {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }

 private:
  struct Peer {
    uv_tcp_t tcp{};
    RawServer* server = nullptr;
    std::string request;
    int answers = 0;
    char buffer[4096];
  };

  static void on_connection(uv_stream_t* listener, int) {
    RawServer& server = *static_cast<RawServer*>(listener->data);
    ++server.connections_;
    auto* const peer = new Peer;
    peer->server = &server;
    peer->tcp.data = peer;
    uv_tcp_init(listener->loop, &peer->tcp);
    server.peers_.insert(peer);
    uv_accept(listener, reinterpret_cast<uv_stream_t*>(&peer->tcp));
    uv_read_start(
        reinterpret_cast<uv_stream_t*>(&peer->tcp),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
          Peer& reader = *static_cast<Peer*>(handle->data);
          *buffer = uv_buf_init(reader.buffer, sizeof reader.buffer);
        },
        [](uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
          Peer* const reader = static_cast<Peer*>(stream->data);
          reader->server->on_read(reader, size, buffer->base);
        });
  }

  void on_read(Peer* peer, ssize_t size, const char* data) {
    if (size < 0) return drop(peer);
    received_.append(data, static_cast<std::size_t>(size));
    peer->request.append(data, static_cast<std::size_t>(size));
    if (peer->request.find("\r\n\r\n") == std::string::npos) return;
    peer->request.clear();
    if (peer->answers++ == most_answers_) return drop(peer);
    uv_buf_t out = uv_buf_init(bytes_.data(), static_cast<unsigned>(bytes_.size()));
    auto* const stream = reinterpret_cast<uv_stream_t*>(&peer->tcp);
    // uv_write takes what the socket's buffer does not; its request frees itself.
    if (!bytes_.empty()) {
      auto* const write = new uv_write_t;
      uv_write(write, stream, &out, 1, [](uv_write_t* done, int) { delete done; });
    }
    if (hang_up_) {
      auto* const shutdown = new uv_shutdown_t;
      uv_shutdown(shutdown, stream, [](uv_shutdown_t* done, int) { delete done; });
    }
  }

  void drop(Peer* peer) {
    peers_.erase(peer);
    uv_close(reinterpret_cast<uv_handle_t*>(&peer->tcp),
             [](uv_handle_t* handle) { delete static_cast<Peer*>(handle->data); });
  }

  TestLoop& loop_;
  std::string bytes_;
  bool hang_up_;
  int most_answers_;
  uv_tcp_t listener_{};
  int port_ = 0;
  int connections_ = 0;
  std::string received_;
  std::set<Peer*> peers_;
};

// Sends bytes to a port and returns all that comes back until the other end closes.
inline std::string exchange(TestLoop& loop, int port, std::string bytes) {
  struct Client {
    uv_tcp_t tcp{};
    uv_connect_t connect{};
    uv_write_t write{};
    std::string out, in;
    bool ended = false;
    bool closed = false;
    char buffer[4096];
  } client;
  client.out = std::move(bytes);
  uv_tcp_init(loop.get(), &client.tcp);
  client.tcp.data = &client;
  sockaddr_in address{};
  uv_ip4_addr("127.0.0.1", port, &address);
  uv_tcp_connect(&client.connect, &client.tcp, reinterpret_cast<sockaddr*>(&address),
                 [](uv_connect_t* connect, int status) {
                   Client& self = *static_cast<Client*>(connect->handle->data);
                   if (status != 0) {
                     self.ended = true;
                     return;
                   }
                   uv_buf_t buffer =
                       uv_buf_init(self.out.data(), static_cast<unsigned>(self.out.size()));
                   uv_write(&self.write, connect->handle, &buffer, 1, nullptr);
                   uv_read_start(
                       connect->handle,
                       [](uv_handle_t* handle, std::size_t, uv_buf_t* in) {
                         Client& reader = *static_cast<Client*>(handle->data);
                         *in = uv_buf_init(reader.buffer, sizeof reader.buffer);
                       },
                       [](uv_stream_t* stream, ssize_t size, const uv_buf_t* in) {
                         Client& reader = *static_cast<Client*>(stream->data);
                         if (size < 0) {
                           reader.ended = true;
                         } else {
                           reader.in.append(in->base, static_cast<std::size_t>(size));
                         }
                       });
                 });
  loop.run_until([&] { return client.ended; });
  uv_close(reinterpret_cast<uv_handle_t*>(&client.tcp),
           [](uv_handle_t* handle) { static_cast<Client*>(handle->data)->closed = true; });
  loop.run_until([&] { return client.closed; });
  return client.in;
}

}  // namespace sim
