#include "sim/engines/external/engine_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::Pair;

// A line of servers, S1 - S2 - S3: S1 dials S2, and S2 dials S3. The links run through our ports.
class EngineWordsTest : public testing::Test {
 protected:
  EngineWordsTest() {
    herd_.external.emplace().program.emplace();
    facts_.ports = {1001, 1002, 1003};
    facts_.neighbor_ports = {{2001, 2002}, {2003, 2004}};
    facts_.secret = "s3cret";
    facts_.places_url = "http://127.0.0.1:9000";
    facts_.herdsim = "/bin/herdsim";
  }
  std::string words(std::uint32_t server, const std::string& text) {
    herd_.external->program->command = {text};
    return engine_words(herd_, facts_, server).command.front();
  }

  HerdSpec herd_ = small_herd(3, {{0, 1}, {1, 2}}, herd::Scheme::kFlood);
  EngineFacts facts_;
};

TEST_F(EngineWordsTest, OfTheServerItself) {
  EXPECT_EQ(words(1, "{server} {host}:{port}"), "S2 127.0.0.1:1002");
  EXPECT_EQ(words(2, "{herd} {secret} {propagation}"), "small s3cret flood");
  EXPECT_EQ(words(0, "{places_url} {herdsim}"), "http://127.0.0.1:9000 /bin/herdsim");
}

TEST_F(EngineWordsTest, OfItsNeighbours) {
  EXPECT_EQ(words(1, "{neighbors}"), "S1=127.0.0.1:2002,S3=127.0.0.1:2003");
  EXPECT_EQ(words(1, "{neighbor_names} {neighbor_ports}"), "S1,S3 2002,2003");
  EXPECT_EQ(words(1, "{dial} {expect}"), "S3=127.0.0.1:2003 S1");
  EXPECT_EQ(words(0, "{dial} {expect}"), "S2=127.0.0.1:2001 ");
  EXPECT_EQ(words(2, "{dial}{expect}"), "S2");
}

TEST_F(EngineWordsTest, OfTheHerd) {
  // A neighbour is found through its link, others at their own ports.
  EXPECT_EQ(words(0, "{servers}"), "S1=127.0.0.1:1001,S2=127.0.0.1:2001,S3=127.0.0.1:1003");
  EXPECT_EQ(words(0, "{ports}"), "1001,1002,1003");
  EXPECT_EQ(words(0, "{port:S1} {port:S2} {port:S3}"), "1001 2001 1003");
}

TEST_F(EngineWordsTest, OneProcessFindsServersWhereTheyAre) {
  herd_.external->program->per = ProcessPer::kHerd;
  EXPECT_EQ(words(0, "{servers}"), "S1=127.0.0.1:1001,S2=127.0.0.1:1002,S3=127.0.0.1:1003");
  EXPECT_EQ(words(0, "{port:S2}"), "1002");
}

TEST_F(EngineWordsTest, HostsAreTheServersOwnWhereNoRelayStandsBetween) {
  herd_.servers[0].host = "127.0.0.2";
  herd_.servers[1].host = "::1";
  facts_.neighbor_ports = {{1002, 1001}, {1003, 1002}};
  EXPECT_EQ(words(0, "{neighbors}"), "S2=[::1]:1002");
  EXPECT_EQ(words(1, "{neighbors}"), "S1=127.0.0.2:1001,S3=127.0.0.1:1003");
}

TEST_F(EngineWordsTest, AllOfTheCommandAndTheEnvironment) {
  herd_.external->program->command = {"python3", "{server}.py", "{not this}", "{}"};
  herd_.external->program->env = {{"PORT", "{port}"}, {"PLAIN", "x"}};
  const EngineWords filled = engine_words(herd_, facts_, 0);
  EXPECT_THAT(filled.command, ElementsAre("python3", "S1.py", "{not this}", "{}"));
  EXPECT_THAT(filled.env, ElementsAre(Pair("PORT", "1001"), Pair("PLAIN", "x")));
}

TEST_F(EngineWordsTest, OfItsLog) {
  EXPECT_EQ(log_file_of(herd_, "logs/{herd}/{server}.log", 1), "logs/small/S2.log");
  EXPECT_EQ(log_file_of(herd_, "", 1), "");
}

}  // namespace
}  // namespace sim
