// What a stream sends, and how much of it has gone.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/sim/base/stream_test_support.h"

namespace sim {
namespace {

TEST_F(StreamTest, BytesSentIsWhatArrives) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  std::string all;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::string text((i * 7919) % 20'011, static_cast<char>('a' + i % 26));
    stream_->write(text, i % 2 == 0 ? "\n" : "\r\n");
    all += text + (i % 2 == 0 ? "\n" : "\r\n");
    uv_run(loop_->uv(), UV_RUN_NOWAIT);
    peer_.take(1000 + i * 31);
  }
  ASSERT_TRUE(run_until(*loop_, [&] {
    peer_.take();
    return stream_->unsent() == 0;
  }));
  EXPECT_EQ(stream_->bytes_sent(), all.size());
  stream_->finish(true);
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), all);
}

TEST_F(StreamTest, BytesSentOfAnAbandonedStreamIsWhatArrives) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->write(std::string(8 * kMiB, 'x'), "\n");
  ASSERT_TRUE(run_until(*loop_, [&] {
    peer_.take(10'000);
    return peer_.received().size() > kMiB;
  }));
  Stream& gone = *stream_;
  gone.abandon();
  const std::uint64_t sent = gone.bytes_sent();
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received().size(), sent);
  EXPECT_EQ(owner_.closes, 0);
}

TEST_F(StreamTest, BytesThatAFailedWriteLeftUnsentAreNotCounted) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->write(std::string(8 * kMiB, 'x'), "\n");
  uv_run(loop_->uv(), UV_RUN_NOWAIT);
  peer_.end();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.ends == 1; }));
  peer_.close();  // with unread input: a reset
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_NE(owner_.error, 0);
  EXPECT_LT(owner_.bytes_sent, kMiB);
}

TEST_F(StreamTest, WritesOfOneTurnAreOneSend) {
  open();
  stream_->write("warm up", "\n");
  ASSERT_TRUE(run_until(*loop_, [&] {
    peer_.take();
    return !peer_.received().empty();
  }));
  const auto before = data_segments();
  if (!before || *before == 0) GTEST_SKIP() << "the kernel counts no segments";
  constexpr int kTurns = 5, kWrites = 200;
  for (int turn = 0; turn < kTurns; ++turn) {
    for (int i = 0; i < kWrites; ++i) stream_->write("AT Alford +0.1 kiwi +1-1 2", "\n");
    loop_->defer([this] { stream_->write("deferred", "\n"); });
    uv_run(loop_->uv(), UV_RUN_NOWAIT);
  }
  EXPECT_EQ(*data_segments() - *before, static_cast<std::uint32_t>(kTurns));
  constexpr std::size_t kBytes = 8 + kTurns * (kWrites * 27 + 9);
  EXPECT_TRUE(run_until(*loop_, [&] {
    peer_.take();
    return peer_.received().size() == kBytes;
  }));
  EXPECT_EQ(stream_->bytes_sent(), kBytes);
}

TEST_F(StreamTest, OutputOfAStreamThatGoesFirstIsSentFirst) {
  open();
  Stream* const other = stream_;
  const StreamPeer other_peer = std::move(peer_);
  open();
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.connects == 2; }));
  std::vector<Stream*> sent;
  owner_.on_drained = [&](Stream& stream) {
    sent.push_back(&stream);
    other->set_first();  // too late for this turn: it is sent all the same
  };
  stream_->set_first();
  other->write("answer", "\n");
  stream_->write("news", "\n");
  ASSERT_TRUE(run_until(*loop_, [&] { return sent.size() == 2; }));
  EXPECT_EQ(sent, (std::vector<Stream*>{stream_, other}));
}

TEST_F(StreamTest, WhatIsWrittenBeforeTheConnectionStandsGoesOutOnIt) {
  const StreamPeer listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(listen(listener.fd(), 8), 0);  // binds to a free port
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  stream_ = Stream::create(*loop_, owner_, 7);
  EXPECT_EQ(stream_->tag(), 7U);
  stream_->set_tag(9);
  EXPECT_EQ(stream_->tag(), 9U);
  ASSERT_EQ(stream_->connect(reinterpret_cast<const sockaddr*>(&address)), 0);
  stream_->write("early", "\n");
  stream_->finish(true);
  peer_ = StreamPeer(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "early\n");
  EXPECT_EQ(stream_->peer(), "127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
}

TEST_F(StreamTest, DialThatNobodyTakesFails) {
  sockaddr_in address{};
  {
    const StreamPeer taken(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(taken.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    socklen_t size = sizeof address;
    getsockname(taken.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    stream_ = Stream::create(*loop_, owner_, 7);  // no socket listens on it
    ASSERT_EQ(stream_->connect(reinterpret_cast<const sockaddr*>(&address)), 0);
    ASSERT_TRUE(run_until_closed());
  }
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_EQ(owner_.error, UV_ECONNREFUSED);
  EXPECT_EQ(owner_.connects, 0);
}

}  // namespace
}  // namespace sim
