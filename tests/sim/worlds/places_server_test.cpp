#include "sim/worlds/places/places_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "tests/sim/worlds/places_serving.h"
#include "tests/sim/worlds/places_test_support.h"

namespace sim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kPath =
    "/maps/api/place/nearbysearch/json?location=34.068930,-118.445127&radius=10000";

std::string request(std::string_view method, std::string_view path, bool last = true) {
  return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: places\r\n" +
         (last ? "Connection: close\r\n\r\n" : "\r\n");
}

TEST(PlacesServer, AnswersANearbySearch) {
  TestLoop loop;
  const auto server = serve(loop);
  EXPECT_EQ(server->url(), "http://127.0.0.1:" + std::to_string(server->port()));
  const std::string answer = exchange(loop, server->port(), request("GET", kPath));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json; charset=UTF-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("\"Westwood\""));
  EXPECT_THAT(answer, HasSubstr("\n   \"status\" : \"OK\"\n}\n"));
  EXPECT_THAT(answer, HasSubstr("\n   \"results\" : [\n"));
  EXPECT_EQ(server->counts().requests, 1U);
  loop.close(*server);
}

// As Google does: in chunks, the last one followed by an empty line.
TEST(PlacesServer, AnswersInChunks) {
  TestLoop loop;
  const auto server = serve(loop);
  const std::string answer = exchange(loop, server->port(), request("GET", kPath));
  EXPECT_THAT(answer, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(answer, testing::EndsWith("}\n\r\n0\r\n\r\n"));
  // HTTP/1.0 knows no chunks.
  const std::string old =
      exchange(loop, server->port(), "GET " + std::string(kPath) + " HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old, Not(HasSubstr("chunked")));
  EXPECT_THAT(old, testing::EndsWith("}\n"));
  loop.close(*server);
}

// A client that would talk to a proxy, or that knows no better, writes the whole URL.
TEST(PlacesServer, TakesAWholeUrlInTheRequest) {
  TestLoop loop;
  const auto server = serve(loop);
  const std::string path(kPath);
  for (const std::string& target : {server->url() + path, "http://places" + path,
                                    "HTTP://places:80" + path, "https://places" + path}) {
    const std::string head = "GET " + target + " HTTP/1.1\r\nConnection: close\r\n\r\n";
    EXPECT_THAT(exchange(loop, server->port(), head), StartsWith("HTTP/1.1 200 OK\r\n")) << target;
  }
  for (const char* target : {"http://places", "http://places/", "http://places/other", "*"}) {
    EXPECT_THAT(exchange(loop, server->port(), request("GET", target)), StartsWith("HTTP/1.1 404"))
        << target;
  }
  loop.close(*server);
}

TEST(PlacesServer, ParametersArePercentDecoded) {
  TestLoop loop;
  const auto server = serve(loop);
  const std::string answer = exchange(
      loop, server->port(),
      request("GET",
              std::string("/maps/api/place/nearbysearch/json") +
                  "?location=%2B34.068930%2C-118.445127&radius=10000&keyword=Beverly+hills"));
  EXPECT_EQ(count_of(answer, "\"place_id\""), 1U);
  EXPECT_THAT(answer, HasSubstr("Beverly Hills"));
  loop.close(*server);
}

TEST(PlacesServer, OtherPathsAndMethodsAreRefused) {
  TestLoop loop;
  const auto server = serve(loop);
  for (const char* path : {"/", "/maps/api/place/nearbysearch/xml", "/../etc/passwd",
                           "/maps/api/place/nearbysearch/json/"}) {
    EXPECT_THAT(exchange(loop, server->port(), request("GET", path)), StartsWith("HTTP/1.1 404"));
  }
  for (const char* method : {"POST", "PUT", "HEAD", "DELETE"}) {
    const std::string answer = exchange(loop, server->port(), request(method, kPath));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405")) << method;
    EXPECT_THAT(answer, HasSubstr("Allow: GET\r\n")) << method;
  }
  const std::string posted =
      "POST /maps/api/place/nearbysearch/json HTTP/1.1\r\nHost: p\r\nConnection: close\r\n"
      "Content-Length: 4\r\n\r\nbody";
  EXPECT_THAT(exchange(loop, server->port(), posted), StartsWith("HTTP/1.1 405"));
  EXPECT_EQ(exchange(loop, server->port(), "nonsense\r\n\r\n"), "");
  EXPECT_EQ(server->counts().requests, 0U);
  loop.close(*server);
}

TEST(PlacesServer, OnlyThoseWhoKnowItsPathCanAsk) {
  TestLoop loop;
  PlacesServerConfig config;
  config.path_prefix = "/5f3a";
  config.faults.quota = 1;
  auto started = PlacesServer::start(loop.get(), cities(), config);
  ASSERT_TRUE(started.ok()) << started.error();
  PlacesServer& server = **started;
  EXPECT_TRUE(server.url().ends_with("/5f3a")) << server.url();
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(exchange(loop, server.port(), request("GET", kPath)), StartsWith("HTTP/1.1 404"));
  }
  EXPECT_EQ(server.counts().requests, 0U) << "strangers use nothing up";
  const std::string path = "/5f3a" + std::string(kPath);
  EXPECT_THAT(exchange(loop, server.port(), request("GET", path)), HasSubstr("\"OK\""));
  EXPECT_THAT(exchange(loop, server.port(), request("GET", path)), HasSubstr("OVER_QUERY_LIMIT"));
  loop.close(server);
}

TEST(PlacesServer, AConnectionCarriesManyRequests) {
  TestLoop loop;
  const auto server = serve(loop);
  const std::string answer = exchange(
      loop, server->port(),
      request("GET", kPath, false) + request("GET", "/other", false) + request("GET", kPath));
  EXPECT_EQ(count_of(answer, "HTTP/1.1 200 OK\r\n"), 2U);
  EXPECT_EQ(count_of(answer, "HTTP/1.1 404"), 1U);
  EXPECT_EQ(server->counts().connections, 1U);
  loop.close(*server);
}

TEST(PlacesServer, DelaysAnswersByTheLatency) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = std::chrono::milliseconds(60)}});
  const std::uint64_t began = uv_hrtime();
  EXPECT_THAT(exchange(loop, server->port(), request("GET", kPath)), StartsWith("HTTP/1.1 200"));
  EXPECT_GE(uv_hrtime() - began, 60'000'000U);
  loop.close(*server);
}

TEST(PlacesServer, FaultsCanBeChangedWhileItRuns) {
  TestLoop loop;
  const auto server = serve(loop);
  const auto ask = [&] { return exchange(loop, server->port(), request("GET", kPath)); };
  EXPECT_THAT(ask(), StartsWith("HTTP/1.1 200"));
  server->set_faults({.fail = 1});
  EXPECT_THAT(ask(), StartsWith("HTTP/1.1 500"));
  server->set_faults({.cut = 1});
  const std::string cut = ask();
  EXPECT_THAT(cut, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(cut, Not(HasSubstr("\"status\"")));
  EXPECT_THAT(cut, HasSubstr("html_attributions"));
  server->set_faults({.quota = 3});
  EXPECT_THAT(ask(), HasSubstr("OVER_QUERY_LIMIT"));
  server->set_faults({});
  EXPECT_THAT(ask(), HasSubstr("\"OK\""));
  loop.close(*server);
}

TEST(PlacesServer, WantsItsKey) {
  TestLoop loop;
  const auto server = serve(loop, {.key = "k 1"});
  EXPECT_THAT(exchange(loop, server->port(), request("GET", kPath)), HasSubstr("REQUEST_DENIED"));
  EXPECT_THAT(exchange(loop, server->port(), request("GET", std::string(kPath) + "&key=k%201")),
              HasSubstr("\"OK\""));
  loop.close(*server);
}

TEST(PlacesServer, ATakenPortIsAnError) {
  TestLoop loop;
  const auto server = serve(loop);
  const auto second = PlacesServer::start(loop.get(), cities(), {.port = server->port()});
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error(), HasSubstr("127.0.0.1:" + std::to_string(server->port())));
  EXPECT_THAT(second.error(), HasSubstr("in use"));
  loop.close(*server);
}

TEST(PlacesServer, BadConfigurationsAreErrors) {
  TestLoop loop;
  const TestFolder folder;
  const auto error = [&](const PlacesServerConfig& config) {
    const auto server = PlacesServer::start(loop.get(), cities(), config);
    return server ? std::string() : server.error();
  };
  EXPECT_THAT(error({.host = "localhost"}), HasSubstr("localhost: not a numeric address"));
  EXPECT_THAT(error({.tls_cert_file = "c"}), HasSubstr("both"));
  EXPECT_THAT(error({.tls_cert_file = "/no/c", .tls_key_file = "/no/k"}), HasSubstr("/no/c"));
  const std::string junk = folder.write("junk.pem", "junk");
  EXPECT_NE(error({.tls_cert_file = junk, .tls_key_file = junk}), "");
}

TEST(PlacesServer, ClosesWithRequestsWaiting) {
  const std::size_t before = count_descriptors();
  {
    TestLoop loop;
    const auto server = serve(loop, {.faults = {.latency = std::chrono::hours(1)}});
    uv_tcp_t client;
    uv_connect_t connect;
    uv_tcp_init(loop.get(), &client);
    sockaddr_in address{};
    uv_ip4_addr("127.0.0.1", server->port(), &address);
    uv_tcp_connect(&connect, &client, reinterpret_cast<sockaddr*>(&address),
                   [](uv_connect_t*, int) {});
    std::string out = request("GET", kPath);
    uv_buf_t buffer = uv_buf_init(out.data(), static_cast<unsigned>(out.size()));
    uv_write_t write;
    uv_write(&write, reinterpret_cast<uv_stream_t*>(&client), &buffer, 1, nullptr);
    loop.run_until([&] { return server->counts().requests == 1; });
    loop.close(*server);
    uv_close(reinterpret_cast<uv_handle_t*>(&client), nullptr);
    for (int turn = 0; turn < 3; ++turn) uv_run(loop.get(), UV_RUN_NOWAIT);
  }
  EXPECT_EQ(count_descriptors(), before);
}

TEST(PlacesServer, MayBeDestroyedWithoutClosing) {
  const std::size_t before = count_descriptors();
  {
    TestLoop loop;
    serve(loop);
  }
  EXPECT_EQ(count_descriptors(), before);
}

}  // namespace
}  // namespace sim
