// Huge pages for what a program allocates in many small blocks, as huge_pages.h has them for large
// arrays. Measured: a virtual run of 100,000 servers, each of which knows 100 clients, is an eighth
// faster with it, and takes half a percent more memory.
#pragma once

#include <cstddef>

namespace sim {

// Asks for huge pages for the next `bytes` that the program allocates in blocks of less than 32
// MiB, as far as they do not fit into memory that is free already. Takes no memory: a page comes
// when it is first written to. From now on the heap keeps what is freed.
//
// For the main thread. On others, without glibc, for a few megabytes, and if the system has not so
// much memory or no huge pages to give, the program stays as it is.
void use_huge_heap(std::size_t bytes);

}  // namespace sim
