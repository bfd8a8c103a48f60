#include "sim/worlds/places/places_transfer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <uv.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace sim {
namespace {

std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
  PlacesTransfer& transfer = *static_cast<PlacesTransfer*>(self);
  if (size > transfer.max_body - transfer.body.size()) {
    transfer.too_large = true;
    return 0;  // ends the transfer
  }
  transfer.body.append(data, size);
  return size;
}

// Programs that the run starts must not hold the connections open.
int on_socket_made(void*, curl_socket_t fd, curlsocktype) {
  return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

// Returns why a transfer failed. Never libcurl's own detailed text, which may hold the URL and the
// key in it.
std::string failure_text(const PlacesTransfer& transfer, CURLcode code,
                         const PlacesAskerConfig& config, const std::string& origin) {
  if (transfer.too_large) {
    return fmt::format("Places answered with more than {} bytes", config.max_body);
  }
  switch (code) {
    case CURLE_COULDNT_CONNECT: {
      long os_error = 0;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_OS_ERRNO, &os_error);
      return fmt::format(
          "could not connect to Places at {}: {}", origin,
          os_error == 0 ? curl_easy_strerror(code) : std::strerror(static_cast<int>(os_error)));
    }
    case CURLE_OPERATION_TIMEDOUT: {
      curl_off_t ready = 0;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
      const bool connecting = ready == 0 && uv_hrtime() < transfer.question->deadline_ns;
      return connecting
                 ? fmt::format("no connection to Places at {} within {} ms", origin,
                               to_ms(to_ns(config.connect_timeout)))
                 : fmt::format("no answer from Places within {} ms", to_ms(to_ns(config.timeout)));
    }
    case CURLE_PARTIAL_FILE:
      return fmt::format("Places' answer was cut off after {} bytes", transfer.body.size());
    case CURLE_GOT_NOTHING:
      return "Places closed the connection without an answer";
    case CURLE_BAD_CONTENT_ENCODING:
      return "Places' answer is compressed, and cannot be decompressed";
    case CURLE_PEER_FAILED_VERIFICATION:
      return fmt::format("the TLS certificate of {} is not to be trusted", origin);
    default:
      return fmt::format("Places could not be asked: {}", curl_easy_strerror(code));
  }
}

}  // namespace

std::unique_ptr<PlacesTransfer> make_transfer(const PlacesAskerConfig& config) {
  auto transfer = std::make_unique<PlacesTransfer>();
  transfer->easy.reset(curl_easy_init());
  transfer->max_body = config.max_body;
  CURL* const handle = transfer->easy.get();
  if (handle == nullptr) return nullptr;
  curl_easy_setopt(handle, CURLOPT_PRIVATE, transfer.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer.get());
  curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, &on_socket_made);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // none, whatever the environment says
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "herdsim");
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode
  if (!config.ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, config.ca_file.c_str());
  }
  return transfer;
}

bool was_closed_before(const PlacesTransfer& transfer, CURLcode code) {
  if (code != CURLE_SEND_ERROR && code != CURLE_RECV_ERROR && code != CURLE_GOT_NOTHING) {
    return false;
  }
  long fresh_connections = 0;
  long header_bytes = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_NUM_CONNECTS, &fresh_connections);
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_HEADER_SIZE, &header_bytes);
  return fresh_connections == 0 && header_bytes == 0 && transfer.body.empty();
}

PlacesReply reply_of(const PlacesTransfer& transfer, CURLcode code, const PlacesAskerConfig& config,
                     const std::string& origin) {
  if (code != CURLE_OK) return PlacesReply::failure(failure_text(transfer, code, config, origin));
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 300 && status < 400) {
    return PlacesReply::failure(
        fmt::format("Places answered HTTP {}, and redirects are not followed", status));
  }
  if (status != 200) return PlacesReply::from_http_error(status, transfer.body, config.key);
  return PlacesReply::from_body(transfer.body, config.key);
}

long to_ms(std::uint64_t ns) {
  constexpr std::uint64_t kMaxMs = std::numeric_limits<int>::max();
  return static_cast<long>(std::clamp<std::uint64_t>((ns + 999'999) / 1'000'000, 1, kMaxMs));
}

std::uint64_t to_ns(herd::Duration duration) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 1'000'000));
}

}  // namespace sim
