// The updates that a herd's servers accepted, in the order of acceptance, and which servers have
// ever applied each. A server that lost its memory does not know that it has met an update before,
// but the figures must.
//
// The newest updates change with every message of their floods, and lie open. Older ones are packed
// block by block, and opened again if one of them changes after all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

#include "sim/base/ring_queue.h"
#include "sim/measure/metrics/packed_columns.h"
#include "sim/measure/metrics/recorder_logs.h"

namespace sim {

class AcceptedLog {
 public:
  // Packs nothing while at most `open` updates are there; nullopt: packs nothing ever.
  AcceptedLog(std::size_t servers, std::optional<std::size_t> open)
      : words_((servers + 63) / 64), most_open_(blocks_for(open)) {}

  // Adds an update, which no server has applied yet. Returns its number; they start at 0.
  std::uint32_t add(const AcceptedUpdate& update);

  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Preconditions of all that follows: update < size(), server < the number of servers.
  AcceptedUpdate operator[](std::uint32_t update) const {
    const Block& block = block_of(update);
    return block.rows != nullptr ? block.rows[update % kRows] : unpack(block, update % kRows);
  }
  // These read one member of an update.
  std::uint32_t subject(std::uint32_t update) const {
    const Block& block = block_of(update);
    return block.rows != nullptr ? block.rows[update % kRows].subject
                                 : packed_subject(block, update % kRows);
  }
  herd::PosixNs time_ns(std::uint32_t update) const {
    const Block& block = block_of(update);
    return block.rows != nullptr ? block.rows[update % kRows].time_ns
                                 : packed_time_ns(block, update % kRows);
  }
  herd::Instant accepted(std::uint32_t update) const;

  // Returns the update itself, which is opened if it is packed. It stays where it is until the next
  // call of change(), apply() or add().
  AcceptedUpdate& change(std::uint32_t update) { return opened(update).rows[update % kRows]; }
  // Marks an update as applied. Returns false if the server has applied it before.
  bool apply(std::uint32_t update, std::uint32_t server) {
    std::uint64_t& servers = opened(update).applied[update % kRows * words_ + server / 64];
    const std::uint64_t bit = std::uint64_t{1} << (server % 64);
    const bool is_first = (servers & bit) == 0;
    servers |= bit;
    return is_first;
  }

  // Returns the size in memory of the updates that are packed.
  std::size_t packed_bytes() const;

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = AcceptedUpdate;
    using difference_type = std::ptrdiff_t;
    using pointer = const AcceptedUpdate*;
    using reference = AcceptedUpdate;

    Iterator(const AcceptedLog& log, std::uint32_t at) : log_(&log), at_(at) {}
    AcceptedUpdate operator*() const { return (*log_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

   private:
    const AcceptedLog* log_;
    std::uint32_t at_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size_}; }

 private:
  static constexpr std::uint32_t kRows = 256;  // of a block

  struct Open {
    std::vector<AcceptedUpdate> updates;
    std::vector<std::uint64_t> applied;  // row by row: the servers, one bit each
  };
  // Open, or packed.
  struct Block {
    // Of `open`; null: packed.
    AcceptedUpdate* rows = nullptr;
    std::uint64_t* applied = nullptr;
    std::unique_ptr<Open> open;
    PackedColumns packed;
  };

  static std::size_t blocks_for(std::optional<std::size_t> open) {
    return open ? *open / kRows + 2 : static_cast<std::size_t>(-1);
  }
  const Block& block_of(std::uint32_t update) const { return blocks_[update / kRows]; }
  Block& opened(std::uint32_t update) {
    Block& block = blocks_[update / kRows];
    if (block.rows == nullptr) reopen(update / kRows);
    return block;
  }
  static std::uint32_t packed_subject(const Block& block, std::uint32_t row);
  static herd::PosixNs packed_time_ns(const Block& block, std::uint32_t row);
  static AcceptedUpdate unpack(const Block& block, std::uint32_t row);
  // Gives a block its open form, and packs the block that was opened first if too many are open.
  Open& open(std::uint32_t block);
  void reopen(std::uint32_t block);
  static void point_at(Block& block);
  void pack(Block& block);

  std::size_t words_;  // that hold one bit for each server
  std::size_t most_open_;
  std::uint32_t size_ = 0;
  std::vector<Block> blocks_;
  RingQueue<std::uint32_t> open_blocks_;  // in the order in which they were opened
  std::unique_ptr<Open> spare_;           // of the last block that was packed
  std::vector<std::uint64_t> cells_;      // of the block that is being packed
};

}  // namespace sim
