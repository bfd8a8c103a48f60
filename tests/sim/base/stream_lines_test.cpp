// How a stream cuts what comes into lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/sim/base/stream_test_support.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// In one turn of the loop: while it handles one socket, more arrives at the next.
TEST_F(StreamTest, NoLineIsTimedBeforeItWasSent) {
  open();
  const Stream* const first = stream_;
  const StreamPeer first_peer = std::move(peer_);
  open();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.connects == 2; }));
  std::uint64_t sent = 0, timed = 0;
  owner_.on_line = [&](Stream& stream, const std::string& line) {
    const std::uint64_t now = loop_->recent_ns();
    if (line == "two") timed = now;
    if (line == "one" && sent == 0) {
      sent = uv_hrtime();
      (&stream == first ? peer_ : first_peer).send("two\n");
    }
    return true;
  };
  first_peer.send("one\n");
  peer_.send("one\n");
  ASSERT_TRUE(run_until_lines(3));
  EXPECT_GE(timed, sent);
}

TEST_F(StreamTest, LinesSplitAtAnyByte) {
  open();
  const std::string text = "one\r\ntwo\n\nthree four\r\n\r\n five\r \n";
  for (std::size_t split = 1; split < text.size(); ++split) {
    SCOPED_TRACE(split);
    owner_.lines.clear();
    owner_.endings.clear();
    const int looks = owner_.looks;
    peer_.send(text.substr(0, split));
    ASSERT_TRUE(run_until(*loop_, [&] { return owner_.looks > looks; }));
    peer_.send(text.substr(split));
    ASSERT_TRUE(run_until_lines(6));
    EXPECT_THAT(owner_.lines, ElementsAre("one", "two", "", "three four", "", " five\r "));
    EXPECT_THAT(owner_.endings, ElementsAre("\r\n", "\n", "\n", "\r\n", "\r\n", "\n"));
  }
}

// The owner takes some lines itself, and the stream cuts the others.
TEST_F(StreamTest, OffersLinesBeforeItCutsThem) {
  open();
  stream_->offer_lines();
  int taken = 0;
  owner_.on_offer = [&](Stream&, std::string_view bytes) {
    std::size_t size = 0;
    for (; bytes.substr(size).starts_with("mine\n"); size += 5) ++taken;
    return size;
  };
  const std::string text = "mine\none\nmine\nmine\ntwo\nmine\n";
  for (std::size_t split = 1; split < text.size(); ++split) {
    SCOPED_TRACE(split);
    owner_.lines.clear();
    taken = 0;
    const int looks = owner_.looks;
    peer_.send(text.substr(0, split));
    ASSERT_TRUE(run_until(*loop_, [&] { return owner_.looks > looks; }));
    peer_.send(text.substr(split));
    ASSERT_TRUE(run_until(*loop_, [&] { return taken == 4; }));
    EXPECT_THAT(owner_.lines, ElementsAre("one", "two"));
  }
}

TEST_F(StreamTest, ThatEndsWhileItOffersLinesCutsNoMore) {
  open();
  stream_->offer_lines();
  owner_.on_offer = [&](Stream& stream, std::string_view) {
    stream.abandon();
    ++owner_.closes;
    return std::size_t{5};
  };
  peer_.send("mine\none\n");
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.closes == 1; }));
  EXPECT_THAT(owner_.lines, IsEmpty());
}

TEST_F(StreamTest, LinesOfOneByteReads) {
  open(Side::kAccepts);
  for (const char byte : std::string("ab\r\n\nc\n")) {
    const int looks = owner_.looks;
    peer_.send({&byte, 1});
    ASSERT_TRUE(run_until(*loop_, [&] { return owner_.looks > looks; }));
  }
  EXPECT_THAT(owner_.lines, ElementsAre("ab", "", "c"));
}

TEST_F(StreamTest, ManyLinesInOneReadAndAcrossReads) {
  open(Side::kAccepts);
  std::string text;
  std::vector<std::string> sent;
  for (int i = 0; i < 20'000; ++i) {
    sent.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i % 97), 'x'));
    text += sent.back() + '\n';
  }
  std::thread sender([&] { peer_.send(text); });
  EXPECT_TRUE(run_until_lines(sent.size()));
  sender.join();
  EXPECT_EQ(owner_.lines, sent);
}

TEST_F(StreamTest, LongestLineIsTakenAndOneByteMoreIsNot) {
  owner_.longest = 10;
  open();
  peer_.send("0123456789\n0123456789\r\n01234567890\nmore\n");
  ASSERT_TRUE(run_until(*loop_, [&] { return !owner_.overlong.empty(); }));
  EXPECT_THAT(owner_.lines, ElementsAre("0123456789", "0123456789"));
  ASSERT_EQ(owner_.overlong.size(), 1U);
  EXPECT_TRUE(owner_.overlong[0].starts_with("01234567890")) << owner_.overlong[0];
  // Later lines are dropped; the end of the input is still reported.
  peer_.send("again\nand again 0123456789 0123456789\n");
  peer_.end();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.ends == 1; }));
  EXPECT_EQ(owner_.lines.size(), 2U);
  EXPECT_EQ(owner_.overlong.size(), 1U);
}

TEST_F(StreamTest, LimitThatALineRaisesHoldsForTheNextOne) {
  owner_.longest = 4;
  owner_.on_line = [&](Stream&, const std::string&) {
    owner_.longest = 10;
    return true;
  };
  open();
  peer_.send("long\n0123456789\n01234567890\n");
  ASSERT_TRUE(run_until(*loop_, [&] { return !owner_.overlong.empty(); }));
  EXPECT_THAT(owner_.lines, ElementsAre("long", "0123456789"));
}

TEST_F(StreamTest, OverlongLineNeedsNoEnding) {
  owner_.longest = 8192;
  owner_.on_overlong = [](Stream& stream) {
    stream.write("? too long", "\n");
    stream.finish(true);
  };
  open();
  const std::string head = "the head of it ";
  peer_.send(head + std::string(8192 - head.size(), 'x') + '\r');
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.looks > 0; }));
  EXPECT_THAT(owner_.overlong, IsEmpty()) << "a CR may be half of an ending";
  peer_.send("y");
  ASSERT_TRUE(run_until(*loop_, [&] { return !owner_.overlong.empty(); }));
  EXPECT_EQ(owner_.overlong[0], head + std::string(64 - head.size(), 'x'));
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "? too long\n");
  peer_.close();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
}

TEST_F(StreamTest, RawBytesComeAsTheyAre) {
  open();
  stream_->set_raw();
  owner_.longest = 4;
  peer_.send("no ending");
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.bytes == "no ending"; }));
  peer_.send("\r\n\nx");
  peer_.end();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.ends == 1; }));
  EXPECT_EQ(owner_.bytes, "no ending\r\n\nx");
  EXPECT_THAT(owner_.lines, IsEmpty());
  EXPECT_THAT(owner_.overlong, IsEmpty());
}

TEST_F(StreamTest, RawBytesThatComeWhileTheLoopStopsAreForTheNextRun) {
  open();
  stream_->set_raw();
  peer_.send("before");
  owner_.on_bytes = [&] { loop_->stop(); };
  loop_->run();
  EXPECT_EQ(owner_.bytes, "before");
  peer_.send("after");
  loop_->run();
  EXPECT_EQ(owner_.bytes, "beforeafter");
}

}  // namespace
}  // namespace sim
