#include "sim/worlds/live/link_authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "sim/worlds/live/herd_secret.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

std::string mac(const std::string& secret, const herd::MacFields& fields) {
  return LinkAuthenticator(secret).mac(fields);
}

// Values by Python's hashlib and hmac:
//   hmac.new(hashlib.sha256(secret).digest(), b"MAC herd A B n1 n2", hashlib.sha512).digest()[:32]
TEST(LinkMac, IsWhatOtherLanguagesMakeWithTheirStandardLibraries) {
  EXPECT_EQ(mac("secret", {"MAC", "herd", "A", "B", "n1", "n2"}),
            "7fafb9138646f777eb9d174556f11ff41a937be604fbe7b8298c0bdd86feb326");
  EXPECT_EQ(mac("", {"LINKED", "paper", "Alford", "Welsh", "x", "y"}),
            "794376f662625c2d869ec40d8c3590f8b370ea5047956b6592e19ae81450df0c");
  EXPECT_EQ(mac(std::string(1000, 's'),
                {"MAC", "paper", "Welsh", "Alford", std::string(64, '0'), std::string(64, 'f')}),
            "80b3f051e71c2b8cc23b55ab9115441b5dd4e03ea37c61630bc74f5e8578364c");
}

TEST(LinkMac, DependsOnTheSecretAndOnEachField) {
  const std::set<std::string> macs = {
      mac("secret", {"MAC", "herd", "A", "B", "n1", "n2"}),
      mac("secreT", {"MAC", "herd", "A", "B", "n1", "n2"}),
      mac("secret ", {"MAC", "herd", "A", "B", "n1", "n2"}),
      mac("secret", {"LINKED", "herd", "A", "B", "n1", "n2"}),
      mac("secret", {"MAC", "Herd", "A", "B", "n1", "n2"}),
      mac("secret", {"MAC", "herd", "B", "A", "n1", "n2"}),
      mac("secret", {"MAC", "herd", "A", "C", "n1", "n2"}),
      mac("secret", {"MAC", "herd", "A", "B", "n2", "n1"}),
      mac("secret", {"MAC", "herd", "A", "B", "n1", "n3"}),
      mac("secret", {"MAC", "herd", "A", "B", "n3", "n2"}),
      mac("secret", {"MAC", "herd", "A", "Bn1", "", "n2"}),
  };
  EXPECT_EQ(macs.size(), 11U);
  for (const std::string& each : macs) EXPECT_THAT(each, MatchesRegex("[0-9a-f]{64}"));
}

TEST(LinkMac, NoncesAndSecretsNeverComeTwice) {
  std::set<std::string> drawn;
  LinkAuthenticator authenticator("secret");
  for (int i = 0; i < 500; ++i) {
    drawn.insert(authenticator.make_nonce());
    drawn.insert(random_hex());
  }
  EXPECT_EQ(drawn.size(), 1000U);
  for (const std::string& each : drawn) EXPECT_THAT(each, MatchesRegex("[0-9a-f]{64}"));
  EXPECT_NE(random_hash_key().first, random_hash_key().first);
}

class SecretFile : public testing::Test {
 protected:
  std::string with(const std::string& text) {
    const auto path = folder_.path() / "secret";
    std::ofstream(path, std::ios::binary) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path.string();
  }
  static constexpr const char* kLine = "a secret of mine";
  test::TempFolder folder_;
};

TEST_F(SecretFile, IsItsFirstLine) {
  for (const char* text :
       {kLine, "a secret of mine\n", "a secret of mine\r\n", "a secret of mine\nand a remark\n"}) {
    const auto secret = read_secret(with(text));
    ASSERT_TRUE(secret.ok()) << text;
    EXPECT_EQ(*secret, kLine) << text;
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

TEST_F(SecretFile, HasALengthThatIsHardToGuessAndNoMoreThanALine) {
  for (const std::size_t size : {1U, 15U, 1025U, 5000U}) {
    const std::string file = with(std::string(size, 's') + '\n');
    const auto secret = read_secret(file);
    ASSERT_FALSE(secret.ok()) << size;
    EXPECT_THAT(secret.error().message, HasSubstr("right is 16 to 1024"));
  }
  for (const std::size_t size : {16U, 1024U}) {
    EXPECT_TRUE(read_secret(with(std::string(size, 's') + "\r\n")).ok()) << size;
  }
}

TEST_F(SecretFile, IsItsOwnersAlone) {
  const std::string file = with("a secret of mine\n");
  for (const int mode : {0640, 0604, 0660, 0610, 0601, 0644, 0666, 0777}) {
    std::filesystem::permissions(file, std::filesystem::perms(mode));
    const auto secret = read_secret(file);
    ASSERT_FALSE(secret.ok()) << std::oct << mode;
    EXPECT_THAT(secret.error().message, HasSubstr("chmod 600"));
  }
  for (const int mode : {0600, 0400, 0700}) {
    std::filesystem::permissions(file, std::filesystem::perms(mode));
    EXPECT_TRUE(read_secret(file).ok()) << std::oct << mode;
  }
}

TEST_F(SecretFile, OtherKindsOfFilesAreNone) {
  const std::string fifo = (folder_.path() / "fifo").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const auto secret = read_secret(fifo);
  ASSERT_FALSE(secret.ok());
  EXPECT_THAT(secret.error().message, HasSubstr("is not a regular file"));
  EXPECT_FALSE(read_secret("/dev/zero").ok());
}

}  // namespace
}  // namespace sim
