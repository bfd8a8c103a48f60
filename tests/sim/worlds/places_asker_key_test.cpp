// A PlacesAsker tells its key to the provider and to nobody else; HTTPS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "tests/sim/worlds/places_asker_test_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(PlacesAsker, TheKeyIsSentEncodedAndNeverTold) {
  TestLoop loop;
  const auto server = serve(loop, {.key = "a&b=c d"});
  {
    Asking asking(loop, {.base_url = server->url(), .key = "a&b=c d"});
    EXPECT_EQ(asking.one().status, "OK");
  }
  loop.close(*server);
  for (const auto& answer :
       {answer_to("", true, {.key = "s3cret"}),
        answer_to(RawServer::response("200 OK", "s3cret"), false, {.key = "s3cret"}),
        answer_to(RawServer::response(
                      "200 OK",
                      R"({"status": "REQUEST_DENIED", "error_message": "s3cret?", "results": []})"),
                  false, {.key = "s3cret"})}) {
    EXPECT_THAT(answer.body.str(), Not(HasSubstr("s3cret")));
    EXPECT_THAT(answer.error, Not(HasSubstr("s3cret")));
    EXPECT_NE(answer.error, "");
  }
}

TEST(PlacesAsker, AKeyDoesNotGoOverPlainHttpToAnotherMachine) {
  TestLoop loop;
  const std::string key = "k3y-of-n0body";
  for (const char* url : {"http://maps.example", "http://192.0.2.1", "http://[2001:db8::1]",
                          "http://127.0.0.1.example", "http://localhost.example"}) {
    EXPECT_FALSE(PlacesAsker::create(loop.get(), {.base_url = url, .key = key}, {}).ok()) << url;
  }
}

// HTTPS, with a certificate made on the spot.
class PlacesTls : public testing::Test {
 protected:
  // Starts the provider with a self-signed certificate for these names.
  void start(const std::string& names) {
    cert_ = folder_.file("cert.pem");
    const std::string key = folder_.file("key.pem");
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=places -addext subjectAltName=" +
        names + " -keyout '" + key + "' -out '" + cert_ + "' 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    server_ = serve(loop_, {.tls_cert_file = cert_, .tls_key_file = key});
    ASSERT_NE(server_, nullptr);
  }
  void TearDown() override {
    if (server_) loop_.close(*server_);
  }

  TestFolder folder_;
  std::string cert_;
  TestLoop loop_;
  std::unique_ptr<PlacesServer> server_;
};

TEST_F(PlacesTls, ATrustedCertificateIsTaken) {
  start("DNS:localhost,IP:127.0.0.1");
  EXPECT_THAT(server_->url(), testing::StartsWith("https://127.0.0.1:"));
  for (const std::string& url :
       {server_->url(), "https://localhost:" + std::to_string(server_->port())}) {
    Asking asking(loop_, {.base_url = url, .ca_file = cert_});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(asking.one(location(i)).error, "");
  }
  EXPECT_EQ(server_->counts().connections, 2U);
}

TEST_F(PlacesTls, ManyQuestionsAtOnceOverTls) {
  start("DNS:localhost,IP:127.0.0.1");
  Asking asking(
      loop_,
      {.base_url = server_->url(), .ca_file = cert_, .connect_timeout = 60s, .timeout = 60s});
  for (int i = 0; i < 300; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
  asking.await(300);
  for (const auto& [id, answer] : asking.answers) EXPECT_EQ(answer.error, "");
  EXPECT_EQ(server_->counts().connections, 32U);
}

TEST_F(PlacesTls, AnUntrustedCertificateIsRefused) {
  start("DNS:localhost,IP:127.0.0.1");
  Asking asking(loop_, {.base_url = server_->url()});
  expect_failure(asking.one(),
                 "the TLS certificate of " + server_->url() + " is not to be trusted");
  EXPECT_EQ(server_->counts().requests, 0U);
}

TEST_F(PlacesTls, ACertificateForAnotherNameIsRefused) {
  start("DNS:other.example");
  Asking asking(loop_, {.base_url = server_->url(), .ca_file = cert_});
  expect_failure(asking.one(), "is not to be trusted");
  EXPECT_EQ(server_->counts().requests, 0U);
}

TEST_F(PlacesTls, CutBodiesAndPlainHttpAreErrors) {
  start("DNS:localhost,IP:127.0.0.1");
  server_->set_faults({.cut = 1});
  Asking asking(loop_, {.base_url = server_->url(), .ca_file = cert_});
  EXPECT_EQ(asking.one().status, "UNKNOWN_ERROR");
  Asking plain(loop_, {.base_url = "http://127.0.0.1:" + std::to_string(server_->port())});
  EXPECT_EQ(plain.one().status, "UNKNOWN_ERROR");
}

}  // namespace
}  // namespace sim
