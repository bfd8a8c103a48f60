#include "sim/measure/report/compress.h"

#include <sodium.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>

namespace sim {

std::string gzip(std::string_view bytes) {
  constexpr int kWindowOfGzip = 15 + 16;
  constexpr int kMemory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, 7, Z_DEFLATED, kWindowOfGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string out;
  std::array<char, 1U << 16U> buffer{};
  // zlib does not write to its input; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  std::size_t rest = bytes.size();
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    constexpr std::size_t kMostAtOnce = 1U << 30U;
    if (stream.avail_in == 0 && rest > 0) {
      stream.avail_in = static_cast<uInt>(std::min(rest, kMostAtOnce));
      rest -= stream.avail_in;
    }
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    state = deflate(&stream, rest == 0 ? Z_FINISH : Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string out(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  out.pop_back();  // the NUL
  return out;
}

std::string csp_hash(std::string_view text) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return "'sha256-" + base64(digest) + "'";
}

}  // namespace sim
