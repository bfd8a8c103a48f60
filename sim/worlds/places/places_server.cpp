#include "sim/worlds/places/places_server.h"

#include <fmt/format.h>
#include <microhttpd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/io/set_up_error.h"
#include "sim/base/text/read_file.h"
#include "sim/worlds/places/nearby_search.h"

namespace sim {
namespace {

constexpr unsigned int kMaxConnections = 16'384;
constexpr std::uint64_t kAgainMs = 50;  // the wait after the HTTP library has failed
// A connection that sends nothing of a request, or takes nothing of an answer, for this time is
// closed. Those of PlacesAsker are opened again when they are needed.
constexpr unsigned int kTimeoutS = 30;
constexpr std::size_t kLargestChunk = 65'536;

struct DaemonStopper {
  void operator()(MHD_Daemon* daemon) const { MHD_stop_daemon(daemon); }
};
struct ResponseDeleter {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using ResponsePtr = std::unique_ptr<MHD_Response, ResponseDeleter>;

// Keeps what the library complains of, which is all that it says of a failed start.
void keep_log(void* cls, const char* format, va_list arguments) {
  char line[256];
  std::vsnprintf(line, sizeof line, format, arguments);
  std::string_view text(line);
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  *static_cast<std::string*>(cls) = text;
}

// A body that is sent in chunks, as Google sends its answers.
struct ChunkedBody {
  std::string text;
  std::size_t end = 0;  // of what is sent
};

ssize_t read_body(void* cls, std::uint64_t position, char* buffer, std::size_t max) {
  const ChunkedBody& body = *static_cast<const ChunkedBody*>(cls);
  if (position >= body.end) {
    return body.end == body.text.size() ? MHD_CONTENT_READER_END_OF_STREAM
                                        : MHD_CONTENT_READER_END_WITH_ERROR;
  }
  const auto begin = static_cast<std::size_t>(position);
  const std::size_t size = std::min(max, body.end - begin);
  std::memcpy(buffer, body.text.data() + begin, size);
  return static_cast<ssize_t>(size);
}

// With `cut` the body breaks off in its middle.
ResponsePtr make_response(std::string text, bool cut) {
  auto body = std::make_unique<ChunkedBody>();
  body->end = cut ? text.size() / 2 : text.size();
  body->text = std::move(text);
  ResponsePtr response(
      MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kLargestChunk, &read_body, body.get(),
                                        [](void* cls) { delete static_cast<ChunkedBody*>(cls); }));
  if (response == nullptr) return nullptr;
  static_cast<void>(body.release());
  MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONTENT_TYPE,
                          "application/json; charset=UTF-8");
  return response;
}

// Returns the path of a request's target. Clients that talk to a proxy write the whole URL, and
// every server must accept that (RFC 9112, 3.2.2).
std::string_view path_of(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::size_t scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos) return target;
  const std::size_t path = target.find('/', scheme_end + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

MHD_Result queue_text(MHD_Connection* connection, unsigned int status, std::string_view text) {
  const std::string body(text);
  const ResponsePtr response(MHD_create_response_from_buffer(
      body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY));
  MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
  if (status == MHD_HTTP_METHOD_NOT_ALLOWED) {
    MHD_add_response_header(response.get(), MHD_HTTP_HEADER_ALLOW, MHD_HTTP_METHOD_GET);
  }
  return MHD_queue_response(connection, status, response.get());
}

MHD_Result add_parameter(void* cls, MHD_ValueKind, const char* key, std::size_t key_size,
                         const char* value, std::size_t value_size) {
  static_cast<std::vector<QueryParameter>*>(cls)->push_back(
      {std::string(key, key_size),
       value == nullptr ? std::string() : std::string(value, value_size)});
  return MHD_YES;
}

// One request from its first line to its answer. The library keeps a pointer to it.
struct Request {
  MHD_Connection* connection = nullptr;
  std::optional<PlacesFaultSource::Draw> draw;
};

}  // namespace

// The library's daemon, and the handles that drive it from the loop. Lives until both the server
// object and the last handle are gone.
class PlacesServer::Daemon : public std::enable_shared_from_this<Daemon> {
 public:
  Daemon(uv_loop_t* loop, Source source, const PlacesServerConfig& config)
      : loop_(loop),
        source_(std::move(source)),
        config_(config),
        faults_(config.faults, config.seed) {}

  // Returns what went wrong; empty where nothing did.
  std::string start();
  void close(std::function<void()> closed);

  std::uint16_t port() const { return port_; }
  const PlacesServerConfig& config() const { return config_; }
  void set_faults(const PlacesFaults& faults) { faults_.set(faults); }
  PlacesServerCounts counts() const { return {connections_, faults_.requests()}; }

 private:
  static MHD_Result on_request(void* cls, MHD_Connection* connection, const char* url,
                               const char* method, const char* version, const char* upload,
                               std::size_t* upload_size, void** request);
  static void on_completed(void* cls, MHD_Connection* connection, void** request,
                           MHD_RequestTerminationCode code);
  static void on_connection(void* cls, MHD_Connection* connection, void** context,
                            MHD_ConnectionNotificationCode code);
  static Daemon& of(const uv_handle_t* handle) { return *static_cast<Daemon*>(handle->data); }

  MHD_Result handle(Request& request, std::string_view url, std::string_view method);
  MHD_Result answer(const Request& request);
  // Lets the library work, and again in `soonest_ms` or later where it wants that.
  void run(std::uint64_t soonest_ms);
  void resume_due();
  void schedule_resume();
  void open(uv_handle_t* handle);
  void close_handle(uv_handle_t* handle);

  uv_loop_t* loop_;
  const Source source_;
  PlacesServerConfig config_;
  const std::string path_ = config_.path_prefix + std::string(kNearbySearchPath);
  SearchConfig search_;
  PlacesFaultSource faults_;
  std::string log_;
  std::string tls_cert_, tls_key_;  // PEM, read by the library while it runs
  std::unique_ptr<MHD_Daemon, DaemonStopper> mhd_;
  std::uint16_t port_ = 0;
  std::uint64_t connections_ = 0;

  uv_poll_t poll_{};     // the library's epoll descriptor
  uv_timer_t turn_{};    // when the library wants to run without any event
  uv_timer_t resume_{};  // when the next delayed request is due
  std::multimap<std::uint64_t, Request*> delayed_;  // by uv_hrtime; their connections are suspended

  int open_handles_ = 0;
  bool closing_ = false;
  std::function<void()> closed_;
  std::shared_ptr<Daemon> self_;  // while handles are open
};

std::string PlacesServer::Daemon::start() {
  search_.key = config_.key;
  unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
  if (config_.tls_cert_file.empty() != config_.tls_key_file.empty()) {
    return "TLS needs both a certificate and a key file";
  }
  std::vector<MHD_OptionItem> options;
  if (!config_.tls_cert_file.empty()) {
    for (const auto& [file, target] : {std::pair(config_.tls_cert_file, &tls_cert_),
                                       std::pair(config_.tls_key_file, &tls_key_)}) {
      auto text = read_file(file);
      if (!text || text->empty()) return fmt::format("{}: cannot be read", file);
      *target = std::move(*text);
    }
    flags |= MHD_USE_TLS;
    options.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, tls_cert_.data()});
    options.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, tls_key_.data()});
  }
  options.push_back({MHD_OPTION_END, 0, nullptr});

  sockaddr_storage address{};
  if (uv_ip4_addr(config_.host.c_str(), config_.port, reinterpret_cast<sockaddr_in*>(&address)) !=
      0) {
    if (uv_ip6_addr(config_.host.c_str(), config_.port,
                    reinterpret_cast<sockaddr_in6*>(&address)) != 0) {
      return fmt::format("{}: not a numeric address", config_.host);
    }
    flags |= MHD_USE_IPv6;
  }
  mhd_.reset(MHD_start_daemon(
      flags, config_.port, nullptr, nullptr, &on_request, this, MHD_OPTION_EXTERNAL_LOGGER,
      &keep_log, &log_, MHD_OPTION_SOCK_ADDR, reinterpret_cast<sockaddr*>(&address),
      MHD_OPTION_CONNECTION_LIMIT, kMaxConnections, MHD_OPTION_CONNECTION_TIMEOUT, kTimeoutS,
      MHD_OPTION_NOTIFY_COMPLETED, &on_completed, this, MHD_OPTION_NOTIFY_CONNECTION,
      &on_connection, this, MHD_OPTION_ARRAY, options.data(), MHD_OPTION_END));
  const auto info = [this](MHD_DaemonInfoType type) {
    return mhd_ ? MHD_get_daemon_info(mhd_.get(), type) : nullptr;
  };
  const MHD_DaemonInfo* const epoll = info(MHD_DAEMON_INFO_EPOLL_FD);
  const MHD_DaemonInfo* const bound = info(MHD_DAEMON_INFO_BIND_PORT);
  if (epoll == nullptr || bound == nullptr) {
    return fmt::format("cannot serve Places on {}:{}: {}", config_.host, config_.port,
                       log_.empty() ? "the HTTP library did not start" : log_);
  }
  port_ = bound->port;

  if (const int error = uv_poll_init(loop_, &poll_, epoll->epoll_fd); error != 0) {
    return fmt::format("cannot serve Places: {}", uv_strerror(error));
  }
  self_ = shared_from_this();
  open(reinterpret_cast<uv_handle_t*>(&poll_));
  require(uv_timer_init(loop_, &turn_), "a timer");
  open(reinterpret_cast<uv_handle_t*>(&turn_));
  require(uv_timer_init(loop_, &resume_), "a timer");
  open(reinterpret_cast<uv_handle_t*>(&resume_));
  const int error = uv_poll_start(&poll_, UV_READABLE, [](uv_poll_t* poll, int, int) {
    of(reinterpret_cast<uv_handle_t*>(poll)).run(0);
  });
  if (error == 0) return {};
  close({});
  return fmt::format("cannot serve Places: {}", uv_strerror(error));
}

void PlacesServer::Daemon::open(uv_handle_t* handle) {
  handle->data = this;
  ++open_handles_;
}

void PlacesServer::Daemon::close_handle(uv_handle_t* handle) {
  uv_close(handle, [](uv_handle_t* closed) {
    Daemon& daemon = of(closed);
    if (--daemon.open_handles_ > 0) return;
    const auto self = std::move(daemon.self_);  // may be the last owner
    if (daemon.closed_) daemon.closed_();
  });
}

void PlacesServer::Daemon::close(std::function<void()> closed) {
  if (closing_) return;
  closing_ = true;
  closed_ = std::move(closed);
  close_handle(reinterpret_cast<uv_handle_t*>(&poll_));
  close_handle(reinterpret_cast<uv_handle_t*>(&turn_));
  close_handle(reinterpret_cast<uv_handle_t*>(&resume_));
  // The library must not stop while a connection is suspended.
  for (const auto& [due, request] : delayed_) MHD_resume_connection(request->connection);
  delayed_.clear();
  mhd_.reset();
}

void PlacesServer::Daemon::run(std::uint64_t soonest_ms) {
  if (MHD_run(mhd_.get()) != MHD_YES) {
    // The library says nothing more of it than a line to its log. It may work the next time.
    std::fprintf(stderr, "places: the HTTP library failed: %s\n",
                 log_.empty() ? "no reason given" : log_.c_str());
    log_.clear();
    soonest_ms = std::max<std::uint64_t>(soonest_ms, kAgainMs);
    uv_timer_start(
        &turn_, [](uv_timer_t* timer) { of(reinterpret_cast<uv_handle_t*>(timer)).run(1); },
        soonest_ms, 0);
    return;
  }
  MHD_UNSIGNED_LONG_LONG wait_ms = 0;
  if (MHD_get_timeout(mhd_.get(), &wait_ms) != MHD_YES) {
    uv_timer_stop(&turn_);
    return;
  }
  // The library wants another turn at once while a TLS handshake waits for its client. Only the
  // first comes at once: the loop has others to serve, and the client's bytes wake poll_.
  uv_timer_start(
      &turn_, [](uv_timer_t* timer) { of(reinterpret_cast<uv_handle_t*>(timer)).run(1); },
      std::max<std::uint64_t>(wait_ms, soonest_ms), 0);
}

void PlacesServer::Daemon::schedule_resume() {
  if (delayed_.empty()) return;
  const std::uint64_t now = uv_hrtime();
  const std::uint64_t due = delayed_.begin()->first;
  const std::uint64_t wait_ms = due <= now ? 0 : (due - now + 999'999) / 1'000'000;
  uv_update_time(loop_);
  uv_timer_start(
      &resume_, [](uv_timer_t* timer) { of(reinterpret_cast<uv_handle_t*>(timer)).resume_due(); },
      wait_ms, 0);
}

void PlacesServer::Daemon::resume_due() {
  const std::uint64_t now = uv_hrtime();
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    MHD_resume_connection(delayed_.begin()->second->connection);
    delayed_.erase(delayed_.begin());
  }
  schedule_resume();
  run(1);
}

MHD_Result PlacesServer::Daemon::on_request(void* cls, MHD_Connection* connection, const char* url,
                                            const char* method, const char*, const char*,
                                            std::size_t* upload_size, void** request) {
  if (*request == nullptr) {  // the header has been read; the body, if any, is still to come
    *request = new Request{.connection = connection, .draw = std::nullopt};
    return MHD_YES;
  }
  if (*upload_size > 0) {
    *upload_size = 0;
    return MHD_YES;
  }
  return static_cast<Daemon*>(cls)->handle(*static_cast<Request*>(*request), url, method);
}

void PlacesServer::Daemon::on_completed(void*, MHD_Connection*, void** request,
                                        MHD_RequestTerminationCode) {
  delete static_cast<Request*>(*request);
  *request = nullptr;
}

void PlacesServer::Daemon::on_connection(void* cls, MHD_Connection*, void**,
                                         MHD_ConnectionNotificationCode code) {
  if (code == MHD_CONNECTION_NOTIFY_STARTED) ++static_cast<Daemon*>(cls)->connections_;
}

MHD_Result PlacesServer::Daemon::handle(Request& request, std::string_view url,
                                        std::string_view method) {
  if (path_of(url) != path_) {
    return queue_text(request.connection, MHD_HTTP_NOT_FOUND, "Not Found\n");
  }
  if (method != MHD_HTTP_METHOD_GET) {
    return queue_text(request.connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Method Not Allowed\n");
  }
  if (!request.draw) {
    request.draw = faults_.next();
    if (request.draw->latency.count() > 0) {
      const auto due = uv_hrtime() + static_cast<std::uint64_t>(request.draw->latency.count());
      MHD_suspend_connection(request.connection);
      delayed_.emplace(due, &request);
      schedule_resume();
      return MHD_YES;
    }
  }
  return answer(request);
}

MHD_Result PlacesServer::Daemon::answer(const Request& request) {
  if (request.draw->fault == PlacesFault::kFail) {
    return queue_text(request.connection, MHD_HTTP_INTERNAL_SERVER_ERROR,
                      "Internal Server Error\n");
  }
  SearchAnswer found;
  if (request.draw->fault == PlacesFault::kOverQuota) {
    found = over_query_limit();
  } else {
    std::vector<QueryParameter> parameters;
    MHD_get_connection_values_n(request.connection, MHD_GET_ARGUMENT_KIND, &add_parameter,
                                &parameters);
    search_.now = herd::Duration(uv_hrtime());
    found = nearby_search(source_(), search_, parameters);
  }
  const ResponsePtr response =
      make_response(std::move(found.body), request.draw->fault == PlacesFault::kCut);
  if (response == nullptr) return MHD_NO;  // out of memory
  return MHD_queue_response(request.connection, static_cast<unsigned int>(found.http_status),
                            response.get());
}

PlacesServer::PlacesServer(std::shared_ptr<Daemon> daemon) : daemon_(std::move(daemon)) {}

PlacesServer::~PlacesServer() { daemon_->close({}); }

herd::Result<std::unique_ptr<PlacesServer>, std::string> PlacesServer::start(
    uv_loop_t* loop, Source source, const PlacesServerConfig& config) {
  auto daemon = std::make_shared<Daemon>(loop, std::move(source), config);
  if (std::string error = daemon->start(); !error.empty()) return error;
  return std::unique_ptr<PlacesServer>(new PlacesServer(std::move(daemon)));
}

std::uint16_t PlacesServer::port() const { return daemon_->port(); }

std::string PlacesServer::url() const {
  const PlacesServerConfig& config = daemon_->config();
  const bool is_ipv6 = config.host.find(':') != std::string::npos;
  return fmt::format("{}://{}:{}{}", config.tls_cert_file.empty() ? "http" : "https",
                     is_ipv6 ? '[' + config.host + ']' : config.host, port(), config.path_prefix);
}

void PlacesServer::set_faults(const PlacesFaults& faults) { daemon_->set_faults(faults); }

PlacesServerCounts PlacesServer::counts() const { return daemon_->counts(); }

void PlacesServer::close(std::function<void()> closed) { daemon_->close(std::move(closed)); }

}  // namespace sim
