#include "sim/worlds/live/link_mac.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

TEST(LinkProof, IsAlwaysTheSameAndInHexadecimal) {
  const std::string mac = link_mac("secret", "herd", "A", "B");
  EXPECT_EQ(mac, link_mac("secret", "herd", "A", "B"));
  EXPECT_THAT(mac, MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(mac.size(), 64U);
}

// Values by Python's hashlib and hmac:
//   hmac.new(hashlib.sha256(secret).digest(), b"herd A B", hashlib.sha512).digest()[:32].hex()
TEST(LinkProof, IsWhatOtherLanguagesMakeWithTheirStandardLibraries) {
  EXPECT_EQ(link_mac("secret", "herd", "A", "B"),
            "897b23319c5786e2a565e39335098894fe11367fdd4e511de9954928f24abf59");
  EXPECT_EQ(link_mac("", "paper", "Alford", "Welsh"),
            "f3c0ab61547753b01635454bb41f3b2c44404ad3d94ac64cec6d75d7e3419a37");
  EXPECT_EQ(link_mac(std::string(1000, 's'), "paper", "Welsh", "Alford"),
            "87b1e949b90226f0b5d4d454e962121cc0cd6b2e8ea44528c2271ad6ede4d598");
}

TEST(LinkProof, DependsOnTheSecretAndOnEachName) {
  const std::set<std::string> macs = {
      link_mac("secret", "herd", "A", "B"),  link_mac("secreT", "herd", "A", "B"),
      link_mac("secret ", "herd", "A", "B"), link_mac("", "herd", "A", "B"),
      link_mac("secret", "Herd", "A", "B"),  link_mac("secret", "herd", "B", "A"),
      link_mac("secret", "herd", "A", "A"),  link_mac("secret", "herd", "AB", ""),
      link_mac("secret", "herdA", "", "B"),  link_mac("secret", "herd", "A", "C"),
  };
  EXPECT_EQ(macs.size(), 10U);
}

TEST(LinkProof, SecretsOfAnyLengthDo) {
  std::set<std::string> macs;
  for (const std::size_t size : {1U, 31U, 32U, 33U, 64U, 65U, 1000U}) {
    macs.insert(link_mac(std::string(size, 's'), "herd", "A", "B"));
  }
  EXPECT_EQ(macs.size(), 7U);
}

TEST(LinkProof, MadeSecretsDiffer) {
  std::set<std::string> secrets;
  for (int i = 0; i < 50; ++i) secrets.insert(make_secret());
  EXPECT_EQ(secrets.size(), 50U);
  for (const std::string& secret : secrets) EXPECT_THAT(secret, MatchesRegex("[0-9a-f]{64}"));
}

class SecretFile : public testing::Test {
 protected:
  std::string with(const std::string& text) {
    const auto path = folder_.path() / "secret";
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  test::TempFolder folder_;
};

TEST_F(SecretFile, IsItsFirstLine) {
  for (const char* text : {"a secret", "a secret\n", "a secret\r\n", "a secret\nand a remark\n"}) {
    const auto secret = read_secret(with(text));
    ASSERT_TRUE(secret.ok()) << text;
    EXPECT_EQ(*secret, "a secret") << text;
  }
}

TEST_F(SecretFile, WithoutOneIsAnError) {
  for (const char* text : {"", "\n", "\r\n", "\nsecret\n"}) {
    const std::string file = with(text);
    const auto secret = read_secret(file);
    ASSERT_FALSE(secret.ok()) << '"' << text << '"';
    EXPECT_THAT(secret.error().message, HasSubstr(file + ": holds no secret"));
  }
}

TEST_F(SecretFile, ThatCannotBeReadIsAnErrorWithItsReason) {
  const std::string file = (folder_.path() / "none").string();
  const auto secret = read_secret(file);
  ASSERT_FALSE(secret.ok());
  EXPECT_EQ(secret.error().message, file + ": cannot be read: No such file or directory");
}

TEST_F(SecretFile, AFolderIsNone) {
  const auto secret = read_secret(folder_.path().string());
  ASSERT_FALSE(secret.ok());
  EXPECT_THAT(secret.error().message, HasSubstr(folder_.path().string() + ": "));
}

}  // namespace
}  // namespace sim
