// How a PlacesAsker connects, and what it does if a connection fails.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/sim/worlds/places_asker_test_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

TEST(PlacesAsker, NamesAreResolved) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = "http://localhost:" + std::to_string(server->port()) + "/"});
    for (int i = 0; i < 5; ++i) {
      const PlacesAnswer answer = asking.one(location(i));
      EXPECT_EQ(answer.error, "");
    }
  }
  EXPECT_EQ(server->counts().connections, 1U);
  loop.close(*server);
}

TEST(PlacesAsker, ANameWithoutAnAddressIsAnError) {
  TestLoop loop;
  // Longer than a label may be: the resolver refuses it without asking anyone.
  Asking asking(loop, {.base_url = "http://" + std::string(70, 'a') + ".example"});
  for (int i = 0; i < 3; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
  asking.await(3);
  for (const auto& [id, answer] : asking.answers) expect_failure(answer, "has no address");
}

TEST(PlacesAsker, ARefusedConnectionIsAnError) {
  TestLoop loop;
  std::string url;
  {
    const RawServer gone(loop, "");
    url = gone.url();
  }
  Asking asking(loop, {.base_url = url});
  expect_failure(asking.one(), "could not connect to Places at " + url + ": Connection refused");
}

TEST(PlacesAsker, AConnectionThatIsNotTakenTimesOut) {
  // A listener whose queue is full lets further connections wait.
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  uv_ip4_addr("127.0.0.1", 0, &address);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::vector<int> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    static_cast<void>(connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), size));
  }
  {
    TestLoop loop;
    Asking asking(loop, {.base_url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                         .connect_timeout = 50ms});
    expect_failure(asking.one(), "no connection to Places");
  }
  for (const int filler : fillers) ::close(filler);
  ::close(listener);
}

TEST(PlacesAsker, ASlowAnswerTimesOut) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 1h}});
  {
    Asking asking(loop, {.base_url = server->url(), .timeout = 50ms, .max_transfers = 1});
    asking.ask(1, location(1));
    asking.ask(2, location(2));
    asking.await(2);
    expect_failure(asking.answers[1], "no answer from Places within 50 ms");
    expect_failure(asking.answers[2], "within 50 ms");  // it waited for its turn
    // A provider that is well again is asked again: within 50 ms, if not the first time.
    server->set_faults({});
    int n = 3;
    while (asking.one(location(n)).status != "OK" && n < 200) ++n;
    EXPECT_LT(n, 200);
  }
  loop.close(*server);
}

// Every connection that the asker keeps is dead. libcurl finds no more than five of them.
TEST(PlacesAsker, AQuestionLostOnAKeptConnectionIsAskedAgain) {
  constexpr std::size_t kAtOnce = 32;
  TestLoop loop;
  const RawServer server(
      loop, RawServer::response("200 OK", R"({"results": [], "status": "ZERO_RESULTS"})"), false,
      1);
  Asking asking(loop, {.base_url = server.url()});
  for (std::size_t round = 1; round <= 10; ++round) {
    for (std::size_t n = 0; n < kAtOnce; ++n) {
      asking.ask(round * kAtOnce + n, location(static_cast<int>(round * kAtOnce + n)));
    }
    asking.await(round * kAtOnce);
  }
  for (const auto& [id, answer] : asking.answers) EXPECT_EQ(answer.error, "") << id;
}

TEST(PlacesAsker, AQuestionIsAskedAgainOnlyOnce) {
  TestLoop loop;
  const RawServer server(loop, "", false, 0);  // closes at the first request
  Asking asking(loop, {.base_url = server.url()});
  expect_failure(asking.one(), "closed the connection without an answer");
  EXPECT_EQ(server.connections(), 1);
}

TEST(PlacesAsker, TheEnvironmentsProxiesAreNotUsed) {
  TestLoop loop;
  const auto server = serve(loop);
  const RawServer proxy(loop, RawServer::response("200 OK", "{}"));
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    setenv(name, proxy.url().c_str(), 1);
  }
  {
    Asking asking(loop, {.base_url = server->url()});
    EXPECT_EQ(asking.one().status, "OK");
  }
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) unsetenv(name);
  EXPECT_EQ(proxy.connections(), 0);
  loop.close(*server);
}

TEST(PlacesAsker, BadBaseUrlsAreErrors) {
  TestLoop loop;
  for (const char* url :
       {"", "maps.googleapis.com", "ftp://maps.example", "http://", "file:///etc/passwd",
        "http://user:word@maps.example", "http://maps.example/?key=x", "http://maps.example/#x",
        "http://m\xC3\xA4ps.example", "http://maps.example:99999", "http://maps .example",
        "http://maps.example\r\nX: y"}) {
    EXPECT_FALSE(PlacesAsker::create(loop.get(), {.base_url = url}, {}).ok()) << url;
  }
}

}  // namespace
}  // namespace sim
